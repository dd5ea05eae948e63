import type { DiskRef } from '../../model/fleet/disk.ts';
import type { Image } from '../../model/fleet/image.ts';

/** What definitions name for disks. Disks that are volumes go by their pool. */
export interface Definitions {
  /** What the persistent definition names, and what the guest has; `null` where there is none. */
  read(ref: DiskRef): Promise<{ defined: string | null; live: string | null }>;
  /** The images that a copy or an active commit writes to, from the top down; empty where none is under way. */
  mirrorOf(ref: DiskRef): Promise<readonly Image[]>;
  /** Makes the definition name what the guest has, and changes nothing else. Throws a `ProblemError`, or the host's own error. */
  follow(ref: DiskRef, from: string, to: string): Promise<void>;
  /**
   * Whether the definition names what is below a disk's active image, as libvirt writes down when a running guest gets a snapshot. The
   * guest then starts with that, whatever the headers say.
   */
  recordsChain(ref: DiskRef): Promise<boolean>;
  /** Makes the definition leave a disk's chain to the headers, and changes nothing else. Throws like `follow`. */
  unrecordChain(ref: DiskRef): Promise<void>;
}
