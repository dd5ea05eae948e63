import type { DiskRef } from '../../model/fleet/disk.ts';
import type { Image } from '../../model/fleet/image.ts';
import type { CopyStep } from '../../model/plans/copy.ts';

/** The file that a disk is copied to. libvirt makes it, and refuses one that holds anything. */
export type CopyTarget = Pick<CopyStep, 'file' | 'format'>;

/** Commits and copies. Bandwidths are bytes per second, 0 for no limit. Calls throw the host's own errors. */
export interface Jobs {
  /** Merges the images from `top` down to above `base` into `base`. */
  startCommit(ref: DiskRef, top: Image, base: Image, bandwidth: number): Promise<void>;
  /** Merges everything above `base`, and what the guest writes meanwhile, into `base`. A pivot ends it. */
  startActiveCommit(ref: DiskRef, base: Image, bandwidth: number): Promise<void>;
  /** Copies all that the guest reads, and what it writes meanwhile, into one new file. A pivot ends it. */
  startCopy(ref: DiskRef, target: CopyTarget, bandwidth: number): Promise<void>;
  /** Switches the guest over to the target of a copy or an active commit. This can't be undone. */
  pivot(ref: DiskRef): Promise<void>;
  /** Ends a job without success; resolves when it is gone. A job that is already gone is no error. */
  end(ref: DiskRef): Promise<void>;
  /** Removes a copy that nothing uses. Throws `COPY_LEFT` or `COPY_OUTSIDE_POOLS`. */
  removeCopy(ref: DiskRef, file: string): Promise<void>;
}
