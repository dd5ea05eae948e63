/** QEMU's own long-running work on a disk. */
export interface BlockJob {
  readonly kind: 'pull' | 'commit' | 'active-commit' | 'copy' | 'unknown';
  /** Bytes per second, 0 for no limit. */
  readonly bandwidth: number;
  /**
   * For a pull and an inactive commit an offset into the virtual disk, not bytes done:
   * `end` is then the virtual size, and a job at `end` is not yet over.
   */
  readonly cur: number;
  readonly end: number;
  /** Whether a copy or an active commit only waits for the pivot or the abort. False for all other jobs. */
  readonly ready: boolean;
}
