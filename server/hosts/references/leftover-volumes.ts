import { basename } from 'node:path';
import { ProblemError, problem } from '../../../model/problem.ts';
import {
  type Connection,
  isNoStoragePool,
  isNoStorageVolume,
  type StoragePoolRef,
  type StorageVolumeRef,
} from '../../libvirt/index.ts';
import type { LeftoverFile, LeftoverFiles, LeftoverState } from '../../ports/leftovers.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { fileIdentity } from '../images/file-identity.ts';
import { volumeNamed } from '../images/volume-chain.ts';
import { inPassingPool } from '../pools/transient-pool.ts';
import { fileNow } from './folder-images.ts';
import { fileStamp, volumeStamp } from './image-stamp.ts';

/** Deletes image files through their storage pools; a file without a pool through a transient one. */
export class LeftoverVolumes implements LeftoverFiles {
  readonly #fleet: Fleet;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /** Throws the file system's or libvirt's error where the file can't be read. */
  async stateOf(hostId: string, { file, identity, stamp, pool }: LeftoverFile): Promise<LeftoverState> {
    const { connection, local } = this.#fleet.supervisor(hostId).source();
    if (local) {
      const found = await fileNow(file);
      if (found === null) return 'gone';
      return found.identity === identity && fileStamp(found) === stamp ? 'there' : 'other';
    }
    await refresh(connection, await poolNamed(connection, pool, file));
    const volume = await volumeNamed(connection, pool, basename(file));
    if (volume === null) return 'gone';
    return volume.path === file && volumeStamp(volume) === stamp ? 'there' : 'other';
  }

  /**
   * Throws `LEFTOVER_CHANGED` where the pool has another file by that name, `LEFTOVER_NOT_IN_POOL` where the pool is gone, or
   * libvirt's error. A file that is gone is no error.
   */
  async remove(hostId: string, named: LeftoverFile): Promise<void> {
    const { connection } = this.#fleet.supervisor(hostId).source();
    const { file, pool } = named;
    if (pool === '')
      await inPassingPool(connection, file, (passing) => this.#removeFrom(hostId, passing, named));
    else await this.#removeFrom(hostId, await poolNamed(connection, pool, file), named);
  }

  async #removeFrom(hostId: string, pool: StoragePoolRef, named: LeftoverFile): Promise<void> {
    const { connection, local } = this.#fleet.supervisor(hostId).source();
    const { file, identity } = named;
    const volume = await volumeOf(connection, pool, file);
    if (volume === null) return;
    const [there, state] = [await fileIdentity(volume.key, local), await this.stateOf(hostId, named)];
    if (state === 'gone') return;
    if (state === 'other' || there !== identity) {
      throw new ProblemError('conflict', problem('LEFTOVER_CHANGED', { image: file }));
    }
    await connection.call('STORAGE_VOL_DELETE', { volume, flags: 0 }).catch((error: unknown) => {
      if (!isNoStorageVolume(error)) throw error;
    });
  }
}

async function poolNamed(connection: Connection, name: string, file: string): Promise<StoragePoolRef> {
  try {
    return await connection.call('STORAGE_POOL_LOOKUP_BY_NAME', { name });
  } catch (error) {
    if (!isNoStoragePool(error)) throw error;
    throw new ProblemError('conflict', problem('LEFTOVER_NOT_IN_POOL', { image: file }), { cause: error });
  }
}

/** `null` where the pool has no file of that name. */
async function volumeOf(
  connection: Connection,
  pool: StoragePoolRef,
  file: string,
): Promise<StorageVolumeRef | null> {
  try {
    await refresh(connection, pool);
    return await connection.call('STORAGE_VOL_LOOKUP_BY_NAME', { pool, name: basename(file) });
  } catch (error) {
    if (isNoStorageVolume(error)) return null;
    throw error;
  }
}

/** Refreshes the pool first, which only knows the files of its last refresh. */
async function refresh(connection: Connection, pool: StoragePoolRef): Promise<void> {
  await connection.call('STORAGE_POOL_REFRESH', { pool, flags: 0 });
}
