import type { DiskRef } from '../../model/fleet/disk.ts';
import type { Image } from '../../model/fleet/image.ts';

/** How what QEMU wrote is made to last. */
export interface DiskFlush {
  /** Writes to the disk what was written into the active image so far, where this machine has it. Throws the system's own error. */
  writeback(ref: DiskRef, active: Image): Promise<void>;
  /** Makes what is in the active image outlive QEMU; answers whether that could be asked for. */
  flush(ref: DiskRef, active: Image, kind: 'resize' | 'extend'): Promise<boolean>;
}
