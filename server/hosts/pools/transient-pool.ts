import { folderOf } from '../../../model/fleet/destination.ts';
import { transientPool } from '../../../model/plans/transient-pool.ts';
import {
  type Connection,
  isNoStoragePool,
  isOperationInvalid,
  type StoragePoolRef,
} from '../../libvirt/index.ts';
import { Turns } from '../shell/turns.ts';
import { element, writeXml } from '../xml/xml-builder.ts';

/** One at a time: two would remove each other's pool. */
const turns = new Turns(1);

/**
 * Runs `work` with a transient pool for a file's folder that has no pool, since libvirt deletes files through pools only. A
 * transient pool that an earlier, killed dashboard left is used again. Throws libvirt's error.
 */
export function inPassingPool<T>(
  connection: Connection,
  file: string,
  work: (pool: StoragePoolRef) => Promise<T>,
): Promise<T> {
  const name = transientPool(file);
  return turns.take(async () => {
    const left = await connection.call('STORAGE_POOL_LOOKUP_BY_NAME', { name }).catch((error: unknown) => {
      if (isNoStoragePool(error)) return null;
      throw error;
    });
    const pool =
      left ??
      (await connection.call('STORAGE_POOL_CREATE_XML', { xml: poolXml(name, folderOf(file)), flags: 0 }));
    try {
      return await work(pool);
    } finally {
      await connection.call('STORAGE_POOL_DESTROY', { pool }).catch((error: unknown) => {
        if (!isNoStoragePool(error) && !isOperationInvalid(error)) throw error;
      });
    }
  });
}

function poolXml(name: string, folder: string): string {
  return writeXml(
    element(
      'pool',
      { type: 'dir' },
      element('name', {}, name),
      element('target', {}, element('path', {}, folder)),
    ),
  );
}
