import { type Chain, keys } from '../fleet/chain.ts';
import type { DiskRef } from '../fleet/disk.ts';
import { type ImageUser, isUsedByOthers } from '../fleet/sharing.ts';

/**
 * Bytes that come free on file systems when the images that leave a disk's chain are deleted later; `null` where nobody can
 * tell the size of one. Images that others use stay, and count nothing.
 */
export function freedLater(
  ref: DiskRef,
  now: Chain,
  after: Chain,
  users: ReadonlyMap<string, readonly ImageUser[]>,
): number | null {
  const kept = new Set(keys(after));
  const gone = now.images.filter(
    ({ key, missing }) => !kept.has(key) && !missing && !isUsedByOthers(ref, key, users),
  );
  return gone.some(({ allocated }) => allocated === null)
    ? null
    : gone.reduce((sum, { allocated }) => sum + (allocated ?? 0), 0);
}
