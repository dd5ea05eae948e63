import type { DiskRef, GuestRef } from '../../model/fleet/disk.ts';
import type { FreeSpace } from '../../model/fleet/free-space.ts';
import type { Image } from '../../model/fleet/image.ts';

/** The space that images take, and that is free beside them. `null` where nobody can measure it. */
export interface ImageSpace {
  /** Bytes that the image takes on its file system now. */
  allocatedBy(ref: DiskRef, image: Image): Promise<number | null>;
  /** As it was last measured. */
  freeSpaceAt(ref: GuestRef, image: Image): Promise<FreeSpace | null>;
  /** As it is now, or was a few seconds ago. */
  freeSpaceNow(ref: GuestRef, image: Image): Promise<FreeSpace | null>;
}
