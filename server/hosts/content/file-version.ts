import type { BigIntStats } from 'node:fs';

/**
 * File systems stamp files by a clock that stands still in between: for some milliseconds mostly, for two seconds on the
 * coarsest. What was written since its last tick may be followed by a write with the same stamp.
 */
const COARSEST_MS = 2500;
const NS = 1_000_000n;

/**
 * Another one after every write into a file, and for every other file at its path. `null` where nothing tells: a device has
 * no time of its last write, and a file that was written just now may have been written again since.
 * @param now milliseconds since 1970
 */
export function versionOf(found: BigIntStats, now: number): string | null {
  if (!found.isFile()) return null;
  const { dev, ino, size, blocks, mtimeNs, ctimeNs } = found;
  const settled = BigInt(Math.trunc(now) - COARSEST_MS) * NS;
  if (mtimeNs > settled || ctimeNs > settled) return null;
  return [dev, ino, size, blocks, mtimeNs, ctimeNs].join();
}
