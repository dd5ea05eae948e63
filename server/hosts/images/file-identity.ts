import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { posix } from 'node:path';

/**
 * The same text for every path to one file of this machine, through any links. For a file that can't be read, or is on another
 * machine, it is the path without `.` and `..`.
 */
export async function fileIdentity(path: string, local: boolean): Promise<string> {
  if (!local) return posix.normalize(path);
  try {
    return identityOf(await stat(path, { bigint: true }));
  } catch (error) {
    if (error instanceof Error && 'code' in error) return posix.normalize(path);
    throw error;
  }
}

/** A block device's is its number, since every node with that number is the same device. */
export function identityOf(found: BigIntStats): string {
  return found.isBlockDevice() ? `device ${found.rdev}` : `inode ${found.dev} ${found.ino}`;
}
