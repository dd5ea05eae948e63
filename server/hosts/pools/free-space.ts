import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type FreeSpace, type Reserve, reserveOf } from '../../../model/fleet/free-space.ts';
import type { Pool } from '../../../model/fleet/pool.ts';

/**
 * The free space of the file system of a folder on this machine, in bytes, without blocks reserved for root; `null` for a folder
 * that this process may not enter.
 */
export async function localFreeSpace(folder: string, reserve: Reserve): Promise<FreeSpace | null> {
  try {
    const [{ bavail, blocks, bsize }, fileSystem] = await Promise.all([statfs(folder), mountPointOf(folder)]);
    return { fileSystem, free: bavail * bsize, reserve: reserveOf(blocks * bsize, reserve) };
  } catch {
    // The plan then warns that the free space is unknown.
    return null;
  }
}

/** `f_type` of statfs(2): tmpfs, which /dev is too, and ramfs. */
const IN_MEMORY: readonly number[] = [0x0102_1994, 0x8584_58f6];

/** Whether a folder of this machine is in memory and lost with its next start. False for one that may not be entered. */
export async function isInMemory(folder: string): Promise<boolean> {
  const found = await statfs(folder).catch(() => null);
  return found !== null && IN_MEMORY.includes(found.type >>> 0);
}

/** A pool's free space as its host last measured it; `null` for a pool that isn't running. */
export function poolFreeSpace({ path, available, capacity }: Pool, reserve: Reserve): FreeSpace | null {
  if (available === null) return null;
  return { fileSystem: path, free: available, reserve: reserveOf(capacity ?? available, reserve) };
}

/** The topmost folder above this one on the same file system. */
async function mountPointOf(folder: string): Promise<string> {
  const { dev } = await stat(folder);
  for (let at = folder; ; ) {
    const above = dirname(at);
    if (above === at || (await stat(above)).dev !== dev) return at;
    at = above;
  }
}
