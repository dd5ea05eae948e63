/** A libvirt storage pool that is a folder of its host, so that images can be created in it by path. */
export interface Pool {
  readonly name: string;
  readonly path: string;
  readonly running: boolean;
  /** Free bytes at the pool's last refresh; `null` while it does not run. */
  readonly available: number | null;
  /** Size of its file system, bytes; `null` while it does not run. */
  readonly capacity: number | null;
}
