import type { DiskRef } from '../../model/fleet/disk.ts';

/** How a disk's block job ended, or that it is ready to be ended by a pivot. */
export type JobEnding = 'completed' | 'failed' | 'cancelled' | 'ready';

/** The end of a block job. */
export interface JobEnd extends DiskRef {
  readonly status: JobEnding;
  /** QEMU's text for a failure; `null` where it gave none. */
  readonly reason: string | null;
}
