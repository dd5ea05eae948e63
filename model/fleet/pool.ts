/** A libvirt storage pool that is a folder of its host, so that images can be put there by their path. */
export interface Pool {
  readonly name: string;
  readonly path: string;
  readonly running: boolean;
  /** Free bytes, as the pool knew when it was last looked through; `null` while it does not run. */
  readonly available: number | null;
  /** Bytes of its file system, free or not; `null` while it does not run. */
  readonly capacity: number | null;
}
