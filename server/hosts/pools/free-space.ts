import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type FreeSpace, type Reserve, reserveOf } from '../../../model/fleet/free-space.ts';
import type { Pool } from '../../../model/fleet/pool.ts';

/**
 * The room of the file system that a folder of this machine lies on, as it is left to an ordinary user; `null` for a folder
 * that this process may not enter.
 */
export async function localFreeSpace(folder: string, reserve: Reserve): Promise<FreeSpace | null> {
  try {
    const [{ bavail, blocks, bsize }, fileSystem] = await Promise.all([statfs(folder), mountPointOf(folder)]);
    return { fileSystem, free: bavail * bsize, reserve: reserveOf(blocks * bsize, reserve) };
  } catch {
    // Whoever plans with it is told that nobody could measure the room.
    return null;
  }
}

/** As `statfs` tells them, see statfs(2): tmpfs, which /dev is too, and ramfs. */
const IN_MEMORY: readonly number[] = [0x0102_1994, 0x8584_58f6];

/** Whether a folder of this machine is on a file system that does not outlive it. One that may not be entered is not known to be. */
export async function isInMemory(folder: string): Promise<boolean> {
  const found = await statfs(folder).catch(() => null);
  return found !== null && IN_MEMORY.includes(found.type >>> 0);
}

/** As the pool's host last measured it; `null` for a pool that does not run. */
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
