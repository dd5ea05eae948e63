import { basename } from 'node:path';
import { ProblemError, problem } from '../../model/problem.ts';
import type { DeleteStep } from '../../model/step.ts';
import {
  type Connection,
  isNoStoragePool,
  isNoStorageVolume,
  type StorageVolumeRef,
} from '../libvirt/index.ts';
import { fileIdentity } from './file-identity.ts';
import type { Fleet } from './fleet.ts';
import { fileNow } from './folder-images.ts';
import { fileStamp, volumeStamp } from './image-stamp.ts';
import { volumeNamed } from './volume-chain.ts';

/** The file that was meant, as it was, or what became of it. */
export type LeftoverState = 'there' | 'other' | 'gone';

type Named = Pick<DeleteStep, 'file' | 'identity' | 'stamp' | 'pool'>;

/** Deletes image files through the storage pools that hold them. */
export class LeftoverVolumes {
  readonly #fleet: Fleet;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /** Throws what keeps the file from being looked at. */
  async look(hostId: string, { file, identity, stamp, pool }: Named): Promise<LeftoverState> {
    const { connection, local } = this.#fleet.supervisor(hostId).source();
    if (local) {
      const found = await fileNow(file);
      if (found === null) return 'gone';
      return found.identity === identity && fileStamp(found) === stamp ? 'there' : 'other';
    }
    await refreshed(connection, pool);
    const volume = await volumeNamed(connection, pool, basename(file));
    if (volume === null) return 'gone';
    return volume.path === file && volumeStamp(volume) === stamp ? 'there' : 'other';
  }

  /** Throws `LEFTOVER_CHANGED` where the pool has another file by that name, or libvirt's error. One that is gone is no error. */
  async remove(hostId: string, named: Named): Promise<void> {
    const { connection, local } = this.#fleet.supervisor(hostId).source();
    const { file, identity, pool } = named;
    const volume = await volumeOf(connection, pool, file);
    if (volume === null) return;
    const [there, state] = [await fileIdentity(volume.key, local), await this.look(hostId, named)];
    if (state === 'gone') return;
    if (state === 'other' || there !== identity) {
      throw new ProblemError('conflict', problem('LEFTOVER_CHANGED', { image: file }));
    }
    await connection.call('STORAGE_VOL_DELETE', { volume, flags: 0 }).catch((error: unknown) => {
      if (!isNoStorageVolume(error)) throw error;
    });
  }
}

/** `null` where the pool has no file of that name. Throws `LEFTOVER_NOT_IN_POOL` where there is no such pool. */
async function volumeOf(
  connection: Connection,
  pool: string,
  file: string,
): Promise<StorageVolumeRef | null> {
  try {
    const ref = await refreshed(connection, pool);
    return await connection.call('STORAGE_VOL_LOOKUP_BY_NAME', { pool: ref, name: basename(file) });
  } catch (error) {
    if (isNoStorageVolume(error)) return null;
    if (!isNoStoragePool(error)) throw error;
    throw new ProblemError('conflict', problem('LEFTOVER_NOT_IN_POOL', { image: file }), { cause: error });
  }
}

/** A pool knows the files that were there when it was last looked through. */
async function refreshed(connection: Connection, name: string) {
  const pool = await connection.call('STORAGE_POOL_LOOKUP_BY_NAME', { name });
  await connection.call('STORAGE_POOL_REFRESH', { pool, flags: 0 });
  return pool;
}
