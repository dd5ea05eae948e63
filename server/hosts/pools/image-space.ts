import { dirname } from 'node:path';
import type { GuestRef } from '../../../model/fleet/disk.ts';
import type { FreeSpace, Reserve } from '../../../model/fleet/free-space.ts';
import { type Image, imagePath } from '../../../model/fleet/image.ts';
import { type Connection, isNoStorageVolume } from '../../libvirt/index.ts';
import type { ImageSpace as ImageSpacePort } from '../../ports/image-space.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { readLocalImage } from '../images/local-image.ts';
import { volumeAt } from '../images/volume-chain.ts';
import { localFreeSpace, poolFreeSpace } from './free-space.ts';
import { listPools, refreshPool } from './storage-pools.ts';

/** Milliseconds for which a pool's figure counts as fresh: a refresh makes its host stat every volume. */
const POOL_FRESH_MS = 5000;

/** Measures the space that images take and have beside them: on this machine in their file system, elsewhere in their storage pool. */
export class ImageSpace implements ImageSpacePort {
  readonly #fleet: Fleet;
  readonly #reserve: Reserve;
  /** When pools were refreshed for this, by host and name, by `performance.now()`. */
  readonly #refreshed = new Map<string, number>();

  /** @param reserve what is left alone of every file system */
  constructor(fleet: Fleet, reserve: Reserve) {
    this.#fleet = fleet;
    this.#reserve = reserve;
  }

  async allocatedBy({ hostId }: GuestRef, image: Image): Promise<number | null> {
    const { local } = this.#fleet.supervisor(hostId).host();
    const path = imagePath(image);
    const found = local && path !== null ? (await readLocalImage(path, image.format)).allocated : null;
    if (found !== null) return found;
    const { connection } = this.#fleet.supervisor(hostId).source();
    return path === null ? null : ((await volumeAt(connection, path))?.allocated ?? null);
  }

  freeSpaceAt({ hostId }: GuestRef, image: Image): Promise<FreeSpace | null> {
    return this.#measure(hostId, image, false);
  }

  freeSpaceNow({ hostId }: GuestRef, image: Image): Promise<FreeSpace | null> {
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

/** Name of the pool that a file is in. QEMU's new files are no volumes yet; the pool of their folder is taken. */
async function poolOf(connection: Connection, path: string): Promise<string | null> {
  const volume = await connection.call('STORAGE_VOL_LOOKUP_BY_PATH', { path }).catch((error: unknown) => {
    if (isNoStorageVolume(error)) return null;
    throw error;
  });
  if (volume !== null) return (await connection.call('STORAGE_POOL_LOOKUP_BY_VOLUME', { volume })).name;
  const pools = await listPools(connection);
  return pools.find((one) => one.running && one.path === dirname(path))?.name ?? null;
}
