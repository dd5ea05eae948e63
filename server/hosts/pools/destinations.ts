import type { Stats } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import {
  type Destination,
  folderOf,
  pathProblem,
  UNKNOWN_DESTINATION,
} from '../../../model/fleet/destination.ts';
import { DEFAULT_RESERVE, type Reserve } from '../../../model/fleet/free-space.ts';
import { type Connection, isNoStorageVolume } from '../../libvirt/index.ts';
import type { Destinations as DestinationsPort } from '../../ports/destinations.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { isInMemory, localFreeSpace, poolFreeSpace } from './free-space.ts';
import { listPools } from './storage-pools.ts';

/** Inspects the paths of new images. */
export class Destinations implements DestinationsPort {
  readonly #fleet: Fleet;
  readonly #reserve: Reserve;

  /** @param reserve of every file system, which is never used */
  constructor(fleet: Fleet, reserve = DEFAULT_RESERVE) {
    this.#fleet = fleet;
    this.#reserve = reserve;
  }

  /** What is at a path of the host, and the free space there. Throws `HOST_UNKNOWN` or `NOT_CONNECTED`. */
  async inspect(hostId: string, path: string): Promise<Destination> {
    const { connection, local } = this.#fleet.supervisor(hostId).source();
    if (pathProblem(path) !== null) return UNKNOWN_DESTINATION;
    return local ? inspectHere(path, this.#reserve) : inspectByPools(connection, path, this.#reserve);
  }
}

/** On this machine. A path that this process may not read is unknown, since libvirt may have other rights. */
export async function inspectHere(path: string, reserve: Reserve): Promise<Destination> {
  const folder = await statOf(stat, folderOf(path));
  if (folder === 'denied') return UNKNOWN_DESTINATION;
  if (folder === null) return { at: 'nothing', folder: 'missing', freeSpace: null };
  if (!folder.isDirectory()) return { at: 'nothing', folder: 'not-a-folder', freeSpace: null };
  // A dangling link counts as something, since libvirt would follow it.
  const found = await statOf(lstat, path);
  if (found === 'denied') return UNKNOWN_DESTINATION;
  const [freeSpace, inMemory] = await Promise.all([
    localFreeSpace(folderOf(path), reserve),
    isInMemory(folderOf(path)),
  ]);
  return { at: found === null ? 'nothing' : kindOf(found), folder: 'there', freeSpace, inMemory };
}

function kindOf(found: Stats): Destination['at'] {
  if (found.isDirectory()) return 'folder';
  return found.isFile() ? 'file' : 'other';
}

async function statOf(
  read: (path: string) => Promise<Stats>,
  path: string,
): Promise<Stats | 'denied' | null> {
  try {
    return await read(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    if (code === 'EACCES' || code === 'ELOOP') return 'denied';
    throw error;
  }
}

/** On another machine, by its storage pools, which don't know of files that others made since their last refresh. */
async function inspectByPools(connection: Connection, path: string, reserve: Reserve): Promise<Destination> {
  const volume = await connection.call('STORAGE_VOL_LOOKUP_BY_PATH', { path }).catch((error: unknown) => {
    if (isNoStorageVolume(error)) return null;
    throw error;
  });
  if (volume !== null) return { at: 'file', folder: 'there', freeSpace: null };
  const pools = await listPools(connection);
  const pool = pools.find(({ path: at, running }) => running && at === folderOf(path));
  if (pool === undefined) return UNKNOWN_DESTINATION;
  return { at: 'nothing', folder: 'there', freeSpace: poolFreeSpace(pool, reserve) };
}
