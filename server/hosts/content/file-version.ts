import type { BigIntStats } from 'node:fs';

/**
 * Times of files are coarse: mostly some milliseconds, up to two seconds by file system. After a write within this time
 * another write may get the same time.
 */
const COARSEST_MS = 2500;
const NS = 1_000_000n;

/**
 * A text that is another one after every write into the file, and for every other file at its path. `null` where it can't be
 * known: a device has no time of its last write, and a file that was written just now may be written again with the same time.
 * @param now milliseconds since 1970
 */
export function versionOf(found: BigIntStats, now: number): string | null {
  if (!found.isFile()) return null;
  const { dev, ino, size, blocks, mtimeNs, ctimeNs } = found;
  const settled = BigInt(Math.trunc(now) - COARSEST_MS) * NS;
  if (mtimeNs > settled || ctimeNs > settled) return null;
  return [dev, ino, size, blocks, mtimeNs, ctimeNs].join();
}
