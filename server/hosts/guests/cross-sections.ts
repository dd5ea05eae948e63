import { type CrossSection, crossSection } from '../../../model/content/cross-section.ts';
import type { DiskRef } from '../../../model/fleet/disk.ts';
import { diskOf } from '../../../model/fleet/guest.ts';
import type { AllocationMaps } from '../../ports/allocation-maps.ts';
import type { Fleet } from '../fleet/fleet.ts';

/**
 * The cross-section of a disk, by the chain that the fleet has, since its changes are sent to browsers.
 * `null` where there is no such disk, or no chain of it.
 */
export async function crossSectionOf(
  fleet: Pick<Fleet, 'guest'>,
  allocationMaps: Pick<AllocationMaps, 'mapsOf'>,
  { target, ...ref }: DiskRef,
  buckets: number,
): Promise<CrossSection | null> {
  const guest = fleet.guest(ref);
  const chain = guest === null ? null : (diskOf(guest, target)?.chain ?? null);
  if (chain === null) return null;
  return crossSection(chain.images, await allocationMaps.mapsOf(ref, chain.images), buckets);
}
