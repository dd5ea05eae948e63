import { isAlwaysBase } from '../../../model/fleet/image.ts';
import { problem } from '../../../model/problem.ts';
import {
  type Connection,
  isNoStoragePool,
  isNoStorageVolume,
  ListStoragePoolsFlag,
  type StoragePoolRef,
  type StorageVolumeRef,
} from '../../libvirt/index.ts';
import type { DefinedImage } from '../xml/domain-xml.ts';
import { child, type Element, parseXml, text } from '../xml/xml.ts';
import type { FollowedChain } from './file-chain.ts';
import { isWriteProtected } from './local-image.ts';

/** An image as libvirt's storage pools report it. Sizes in bytes. */
export interface VolumeInfo {
  readonly path: string;
  readonly format: string | null;
  readonly capacity: number | null;
  readonly allocated: number | null;
  /** Length of the file, including holes. */
  readonly physical: number | null;
  /** Seconds since 1970 with the fraction that the file system has, as libvirt writes it. */
  readonly modified: string | null;
  readonly backing: { readonly path: string; readonly format: string | null } | null;
  /** Whether its mode lets nobody write it; `null` if unknown. */
  readonly writeProtected: boolean | null;
}

/** The volume at a path; `null` where no active pool has it. Throws libvirt's error. */
export async function volumeAt(connection: Connection, path: string): Promise<VolumeInfo | null> {
  try {
    const volume = await connection.call('STORAGE_VOL_LOOKUP_BY_PATH', { path });
    return await readVolume(connection, volume);
  } catch (error) {
    if (isNoStorageVolume(error)) return null;
    throw error;
  }
}

/** A volume by the names that a `type='volume'` disk gives; `null` where there is none. */
export async function volumeNamed(
  connection: Connection,
  pool: string,
  name: string,
): Promise<VolumeInfo | null> {
  try {
    return await readVolume(connection, { pool, name, key: '' });
  } catch (error) {
    if (isNoStorageVolume(error) || isNoStoragePool(error)) return null;
    throw error;
  }
}

/** All volumes of the host's running pools, as of each pool's last refresh. */
export async function allVolumes(connection: Connection): Promise<readonly VolumeInfo[]> {
  const flags = ListStoragePoolsFlag.ACTIVE;
  const pools = await connection.call('CONNECT_LIST_ALL_STORAGE_POOLS', { needResults: true, flags });
  return (await Promise.all(pools.map((pool) => volumesIn(connection, pool)))).flat();
}

/** The volumes of one pool; none where the pool was removed or stopped meanwhile. */
export async function volumesIn(
  connection: Connection,
  pool: StoragePoolRef,
): Promise<readonly VolumeInfo[]> {
  const list = { pool, needResults: true, flags: 0 };
  const volumes = await connection
    .call('STORAGE_POOL_LIST_ALL_VOLUMES', list)
    .catch(unless(isNoStoragePool, []));
  const read = volumes.map((volume) => readVolume(connection, volume).catch(unless(isNoStorageVolume, null)));
  return (await Promise.all(read)).filter((volume) => volume !== null);
}

/** A value in place of a pool or volume that was removed since it was listed. */
function unless<T>(isGone: (error: unknown) => boolean, otherwise: T): (error: unknown) => T {
  return (error) => {
    if (isGone(error)) return otherwise;
    throw error;
  };
}

/** The chain from a path down, by the host's storage pools, one volume after the other. */
export async function followVolumes(
  connection: Connection,
  path: string,
  format: string | null,
): Promise<FollowedChain> {
  const images: DefinedImage[] = [];
  let next: { path: string; format: string | null } | null = { path, format };
  while (next !== null) {
    const at: { path: string; format: string | null } = next;
    if (images.some(({ source }) => source.kind === 'file' && source.path === at.path)) {
      return { images, problem: problem('CHAIN_LOOPS', { image: at.path }) };
    }
    images.push({ source: { kind: 'file', path: at.path }, format: at.format, index: null });
    const volume = await volumeAt(connection, at.path);
    if (volume === null) {
      return { images, problem: isAlwaysBase(at.format) ? null : problem('NOT_IN_POOL', { image: at.path }) };
    }
    next = volume.backing;
  }
  return { images, problem: null };
}

async function readVolume(connection: Connection, volume: StorageVolumeRef): Promise<VolumeInfo> {
  const xml = parseXml(await connection.call('STORAGE_VOL_GET_XML_DESC', { volume, flags: 0 }));
  const target = child(xml, 'target');
  const below = child(xml, 'backingStore');
  const backing = text(child(below, 'path'));
  const mode = text(child(child(target, 'permissions'), 'mode'));
  return {
    path: text(child(target, 'path')) ?? volume.key,
    format: child(target, 'format')?.attributes.type ?? null,
    capacity: bytes(child(xml, 'capacity')),
    allocated: bytes(child(xml, 'allocation')),
    physical: bytes(child(xml, 'physical')),
    modified: text(child(child(target, 'timestamps'), 'mtime')),
    backing:
      backing === null ? null : { path: backing, format: child(below, 'format')?.attributes.type ?? null },
    writeProtected: mode === null ? null : isWriteProtected(Number.parseInt(mode, OCTAL)),
  };
}

const OCTAL = 8;

function bytes(element: Element | undefined): number | null {
  const value = text(element);
  return value === null ? null : Number(value);
}
