import { dirname } from 'node:path';
import type { FreeSpace, Reserve } from '../../../model/fleet/free-space.ts';
import { type Image, imagePath } from '../../../model/fleet/image.ts';
import { type Connection, isNoStorageVolume } from '../../libvirt/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { localFreeSpace, poolFreeSpace } from './free-space.ts';
import { listPools, refreshPool } from './storage-pools.ts';

/** A pool knows its room from when it was last looked through, which costs its host a look at every volume. */
const POOL_FRESH_MS = 5000;

/** Measures the room where images lie: on this machine its file system, elsewhere the storage pool. */
export class ImageFreeSpace {
  readonly #fleet: Fleet;
  readonly #reserve: Reserve;
  /** When pools were last looked through for this, by host and name. */
  readonly #refreshed = new Map<string, number>();

  constructor(fleet: Fleet, reserve: Reserve) {
    this.#fleet = fleet;
    this.#reserve = reserve;
  }

  /** What is known; `null` where nobody measures the room. */
  at(hostId: string, image: Image): Promise<FreeSpace | null> {
    return this.#measure(hostId, image, false);
  }

  /** What is there now, where a pool has to tell at most some seconds old. */
  now(hostId: string, image: Image): Promise<FreeSpace | null> {
    return this.#measure(hostId, image, true);
  }

  async #measure(hostId: string, image: Image, fresh: boolean): Promise<FreeSpace | null> {
    const path = imagePath(image);
    if (path === null || image.source.kind === 'block') return null;
    const { connection, local } = this.#fleet.supervisor(hostId).source();
    if (local) return localFreeSpace(dirname(path), this.#reserve);
    const name = await poolOf(connection, path);
    if (name === null) return null;
    const last = this.#refreshed.get(`${hostId}/${name}`);
    if (fresh && (last === undefined || performance.now() - last > POOL_FRESH_MS)) {
      this.#refreshed.set(`${hostId}/${name}`, performance.now());
      await refreshPool(connection, name);
    }
    const pool = (await listPools(connection)).find((one) => one.name === name);
    const freeSpace = pool === undefined ? null : poolFreeSpace(pool, this.#reserve);
    return freeSpace && { ...freeSpace, age: POOL_FRESH_MS / 1000 };
  }
}

/** Name of the pool that holds the file. One that QEMU has just made is no volume yet: its folder tells. */
async function poolOf(connection: Connection, path: string): Promise<string | null> {
  const volume = await connection.call('STORAGE_VOL_LOOKUP_BY_PATH', { path }).catch((error: unknown) => {
    if (isNoStorageVolume(error)) return null;
    throw error;
  });
  if (volume !== null) return (await connection.call('STORAGE_POOL_LOOKUP_BY_VOLUME', { volume })).name;
  const pools = await listPools(connection);
  return pools.find((one) => one.running && one.path === dirname(path))?.name ?? null;
}
