import { type Chain, keys } from '../fleet/chain.ts';
import type { DiskRef } from '../fleet/disk.ts';
import { type ImageUser, isUsedByOthers } from '../fleet/sharing.ts';

/**
 * Bytes that deleting the images that leave a disk's chain would free later; `null` if a size is unknown. Images
 * that others use stay, and count as 0.
 * @param needed keys of the images that snapshots need
 */
export function freedLater(
  ref: DiskRef,
  now: Chain,
  after: Chain,
  users: ReadonlyMap<string, readonly ImageUser[]>,
  needed: ReadonlySet<string> = new Set(),
): number | null {
  const kept = new Set(keys(after));
  const gone = now.images.filter(
    ({ key, missing }) => !kept.has(key) && !missing && !needed.has(key) && !isUsedByOthers(ref, key, users),
  );
  return gone.some(({ allocated }) => allocated === null)
    ? null
    : gone.reduce((sum, { allocated }) => sum + (allocated ?? 0), 0);
}
