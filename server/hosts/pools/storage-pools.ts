import { statfs } from 'node:fs/promises';
import { folderOf } from '../../../model/fleet/destination.ts';
import type { Pool } from '../../../model/fleet/pool.ts';
import {
  type Connection,
  isInternal,
  isNoStoragePool,
  isOperationInvalid,
  type StoragePoolRef,
  StoragePoolState,
} from '../../libvirt/index.ts';
import type { Supervisor } from '../fleet/supervisor.ts';
import { child, parseXml, text } from '../xml/xml.ts';

/** Types of pools whose volumes are files in one folder. */
const FOLDERS = ['dir', 'fs', 'netfs', 'vstorage'];
const UNMEASURED = { available: null, capacity: null };
const RUNNING: readonly number[] = [StoragePoolState.RUNNING, StoragePoolState.DEGRADED];

/** A storage pool of any type. */
export interface AnyPool extends Omit<Pool, 'path'> {
  /** The folder of its volumes, where they are files of one folder. */
  readonly path: string | null;
}

/** The storage pools of a host that are folders, sorted by name. Throws libvirt's error. */
export async function listPools(connection: Connection): Promise<readonly Pool[]> {
  const all = await allPools(connection);
  return all.flatMap((pool) => (pool.path === null ? [] : [{ ...pool, path: pool.path }]));
}

/** All storage pools of a host, sorted by name. Throws libvirt's error. */
export async function allPools(connection: Connection): Promise<readonly AnyPool[]> {
  const all = await connection.call('CONNECT_LIST_ALL_STORAGE_POOLS', { needResults: true, flags: 0 });
  const read = await Promise.all(all.map((pool) => readPool(connection, pool)));
  return read.filter((pool) => pool !== null).sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * The pools that are folders, with their free space as plans measure it: on this machine the file system's now, without blocks
 * reserved for root, and not what was free at the pool's last refresh.
 */
export async function poolsWithFreeSpace(supervisor: Supervisor): Promise<readonly Pool[]> {
  const pools = await listPools(supervisor.source().connection);
  if (!supervisor.host().local) return pools;
  const measured = pools.map(async (pool) => {
    if (!pool.running) return pool;
    // Only libvirt measures a folder that this process may not enter.
    const found = await statfs(pool.path).catch(() => null);
    return found === null ? pool : { ...pool, available: found.bavail * found.bsize };
  });
  return Promise.all(measured);
}

/** Refreshes the pools of these files. */
export async function refreshPoolsOf(connection: Connection, files: readonly string[]): Promise<void> {
  const folders = new Set(files.map(folderOf));
  for (const { name } of (await listPools(connection)).filter(({ path }) => folders.has(path))) {
    await refreshPool(connection, name);
  }
}

/** Refreshes a pool. One that is busy or stopped is left as it is. */
export async function refreshPool(connection: Connection, name: string): Promise<void> {
  try {
    const pool = await connection.call('STORAGE_POOL_LOOKUP_BY_NAME', { name });
    await connection.call('STORAGE_POOL_REFRESH', { pool, flags: 0 });
  } catch (error) {
    if (!isNoStoragePool(error) && !isOperationInvalid(error) && !isInternal(error)) throw error;
  }
}

/** `null` for a pool that was removed meanwhile. */
async function readPool(connection: Connection, pool: StoragePoolRef): Promise<AnyPool | null> {
  try {
    const [xml, { state, available, capacity }] = await Promise.all([
      connection.call('STORAGE_POOL_GET_XML_DESC', { pool, flags: 0 }),
      connection.call('STORAGE_POOL_GET_INFO', { pool }),
    ]);
    const root = parseXml(xml);
    const isFolder = FOLDERS.includes(root.attributes.type ?? '');
    const path = isFolder ? text(child(child(root, 'target'), 'path')) : null;
    const running = RUNNING.includes(state);
    const measured = { available: Number(available), capacity: Number(capacity) };
    return { name: pool.name, path, running, ...(running ? measured : UNMEASURED) };
  } catch (error) {
    if (isNoStoragePool(error)) return null;
    throw error;
  }
}
