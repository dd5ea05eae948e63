import type { Dependents } from '../../model/fleet/dependents.ts';
import type { DiskRef } from '../../model/fleet/disk.ts';
import type { Image } from '../../model/fleet/image.ts';

export interface DependentsFinder {
  /** What depends on these images of the disk's chain, beside the disk itself. */
  of(ref: DiskRef, images: readonly Image[]): Promise<Dependents>;
}
