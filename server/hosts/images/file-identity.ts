import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { posix } from 'node:path';

/**
 * The same for every path that leads to one file of this machine, whatever links it goes by. Where the file can't be looked
 * at, or lies on another machine, it is the path without `.` and `..`.
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

/** Of a block device its number: every node with it is the same device. */
export function identityOf(found: BigIntStats): string {
  return found.isBlockDevice() ? `device ${found.rdev}` : `inode ${found.dev} ${found.ino}`;
}
