import { realpath } from 'node:fs/promises';
import { basename, dirname, posix } from 'node:path';
import type { ImageFile } from '../../../model/fleet/leftover.ts';
import type { LeftImage } from '../../../model/operation/left-behind.ts';
import { isTransientPool } from '../../../model/plans/transient-pool.ts';
import { volumeNamed } from '../images/volume-chain.ts';
import { refreshPool } from '../pools/storage-pools.ts';
import { isFileSource } from './file-source.ts';
import { foldersOf } from './image-folders.ts';
import { fileStamp, volumeStamp } from './image-stamp.ts';
import type { ReferringFile, Register } from './register.ts';

/**
 * The files that surely are images, in the folders of this host's guests, snapshots and pools. A qcow2 image is known by its
 * header; a raw one only where another image or the journal says so, since any file could be one.
 */
export async function imageFilesOf(
  register: Register,
  hostId: string,
  left: ReadonlyMap<string, LeftImage>,
): Promise<readonly ImageFile[]> {
  const pools = await Promise.all(
    register.pools
      .filter((pool) => pool.hostId === hostId && pool.running && !isTransientPool(pool.name))
      .map(async ({ name, path }) => ({
        name,
        folder: path === null ? null : await realpathOr(path, register.local),
      })),
  );
  const own = register.disks.filter(({ user }) => user.hostId === hostId);
  const recorded = register.records.filter(({ user }) => user.hostId === hostId);
  const folders = register.local
    ? await foldersOf(
        [
          ...own.flatMap(({ sources }) =>
            sources.filter(isFileSource).flatMap(({ path }) => (path === null ? [] : [path])),
          ),
          ...recorded.map(({ path }) => path),
        ],
        pools.flatMap(({ folder }) => (folder === null ? [] : [folder])),
      )
    : null;
  const refreshed = new Map<string, Promise<void>>();
  /** The format that a pool reports for a file after a refresh. */
  const formatInPool = async (pool: string | null, path: string) => {
    const host = register.hosts.find((candidate) => candidate.host().id === hostId);
    if (pool === null || host === undefined) return null;
    const { connection } = host.source();
    const refresh = refreshed.get(pool) ?? refreshPool(connection, pool);
    refreshed.set(pool, refresh);
    await refresh;
    return (await volumeNamed(connection, pool, basename(path)))?.format ?? null;
  };
  const backs = new Set(register.files.flatMap(({ backing }) => backing));
  const found = register.files.map(async (one): Promise<ImageFile | null> => {
    const folder = dirname(one.path);
    if (folders !== null && (!folders.has(folder) || one.file === null || one.file.link)) return null;
    const pool = pools.find((candidate) => candidate.folder === folder)?.name ?? null;
    if (folders === null && pool === null) return null;
    const isNamed = backs.has(one.identity) || left.get(one.path)?.format === 'raw';
    const format = await formatOf(one, isNamed, () => formatInPool(pool, one.path));
    return format === null ? null : imageOf(one, format, pool);
  });
  return (await Promise.all(found)).filter((image) => image !== null);
}

/** `null` for a file that may be anything. */
async function formatOf(
  { file, volume }: ReferringFile,
  isNamed: boolean,
  formatInPool: () => Promise<string | null>,
): Promise<ImageFile['format'] | null> {
  if (file?.qcow2 === true || volume?.format === 'qcow2') return 'qcow2';
  if (!isNamed) return null;
  const format = volume === null ? await formatInPool() : volume.format;
  return format === 'raw' ? 'raw' : null;
}

function imageOf(
  { path, identity, backing, file, volume }: ReferringFile,
  format: ImageFile['format'],
  pool: string | null,
): ImageFile {
  const backingPath = file?.backing[0] ?? volume?.backing?.path ?? null;
  const common = { path, identity, format, backing, backingPath, pool };
  if (file !== null) {
    const { virtualSize, allocated, length, modifiedAt } = file;
    const size = format === 'raw' ? length : virtualSize;
    return { ...common, virtualSize: size, allocated, modifiedAt, stamp: fileStamp(file) };
  }
  const modified = volume?.modified ?? null;
  return {
    ...common,
    virtualSize: volume?.capacity ?? null,
    allocated: volume?.allocated ?? null,
    modifiedAt: modified === null ? null : Number(modified) * 1000,
    stamp: volume === null ? '' : volumeStamp(volume),
  };
}

async function realpathOr(path: string, local: boolean): Promise<string> {
  return local ? realpath(path).catch(() => path) : posix.normalize(path);
}
