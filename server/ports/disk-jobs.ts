import type { Disk, DiskRef } from '../../model/fleet/disk.ts';
import type { Image } from '../../model/fleet/image.ts';

/** Pulls, and what any block job can be asked. Bandwidths are bytes per second, 0 for no limit. Calls throw the host's own errors. */
export interface DiskJobs {
  startPull(ref: DiskRef, base: Image | null, bandwidth: number): Promise<void>;
  /** Asks for the job's end, which comes as an event. A job that is already gone is no error. */
  abortJob(ref: DiskRef): Promise<void>;
  setSpeed(ref: DiskRef, bandwidth: number): Promise<void>;
  /** The running job's position, and what the image that it writes takes on its file system by now. */
  sample(ref: DiskRef, written: Image): Promise<{ job: Disk['job']; allocated: number | null }>;
}
