import { realpath } from 'node:fs/promises';
import { basename, dirname, posix } from 'node:path';
import {
  type ImageFile,
  type KeptImage,
  type LeftoverReport,
  overlaysFirst,
  restingOn,
  usedAmong,
} from '../../../model/fleet/leftover.ts';
import type { LeftImage } from '../../../model/operation/left-behind.ts';
import { isTransientPool } from '../../../model/plans/transient-pool.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { volumeNamed } from '../images/volume-chain.ts';
import { refreshPool } from '../pools/storage-pools.ts';
import { foldersOf } from './image-folders.ts';
import { fileStamp, volumeStamp } from './image-stamp.ts';
import { namedFiles } from './named-files.ts';
import { openFiles } from './open-files.ts';
import { referrersOf } from './referrers.ts';
import { isFileSource, type ReferringFile, type Register, readRegister } from './register.ts';

/** What is known of a host's images beside what the host has. */
export interface LeftoverFacts {
  readonly kept: readonly KeptImage[];
  /** Keys of images that operations speak of which are not over. */
  readonly busy: ReadonlySet<string>;
  /** By path. */
  readonly left: ReadonlyMap<string, LeftImage>;
}

/**
 * The image files of a host that no known guest, snapshot record or other image refers to. A qcow2 image is told by its
 * header; a raw one only where another image or the journal names it as one, since any file could be one.
 */
export async function findLeftovers(
  fleet: Fleet,
  hostId: string,
  facts: LeftoverFacts,
): Promise<LeftoverReport> {
  const register = await readRegister(fleet, hostId, 'all');
  const machines = [register, ...(await elsewhere(fleet, register))];
  const connected = machines
    .flatMap(({ hosts }) => hosts)
    .filter((host) => host.host().state === 'connected');
  const named = await Promise.all(
    connected.map(async (host) => ({ hostId: host.host().id, ...(await namedFiles(host)) })),
  );
  const blocked = distinct([
    ...machines.flatMap(({ unread }) => unread),
    ...named.flatMap(({ unread }) => unread),
  ]);

  const images = await imagesOf(register, hostId, facts.left);
  const here = new Set(register.hosts.map((host) => host.host().id));
  const roots = new Set<string>();
  for (const { identities } of register.disks) for (const identity of identities) roots.add(identity);
  for (const { identity } of register.records) roots.add(identity);
  for (const { hostId: of, paths } of named) {
    if (here.has(of)) for (const path of paths) roots.add(await register.identityAt(path));
  }
  // What is elsewhere may be the same file on storage that both reach: there it goes by the path.
  const far = new Set([
    ...named
      .filter(({ hostId: of }) => !here.has(of))
      .flatMap(({ paths }) => [...paths].map((path) => posix.normalize(path))),
    ...machines.slice(1).flatMap(({ files }) => files.flatMap(({ backing }) => backing)),
    ...machines
      .slice(1)
      .flatMap(({ disks, records }) => [
        ...disks.flatMap(({ sources }) =>
          sources.filter(isFileSource).map(({ path }) => posix.normalize(path ?? '')),
        ),
        ...records.map(({ path }) => posix.normalize(path)),
      ]),
  ]);
  for (const { path, identity } of register.files) if (far.has(posix.normalize(path))) roots.add(identity);
  // Volumes that no folder shows, such as logical ones, are not deleted here, and so stay with all that they rest on.
  const known = new Set(images.map(({ identity }) => identity));
  for (const { identity } of register.files) if (!known.has(identity)) roots.add(identity);

  const used = usedAmong(register.files, roots);
  const unused = images.filter(({ identity }) => !used.has(identity));
  const open = register.local ? await openFiles() : { has: () => false };
  const keepers = new Map<string, KeptImage>();
  for (const one of facts.kept) keepers.set(await register.identityAt(one.path), one);
  const busy = new Set<string>();
  for (const key of facts.busy) if (key.startsWith('/')) busy.add(await register.identityAt(key));
  const kept = unused.flatMap((image) => {
    const keeper = keepers.get(image.identity);
    return keeper === undefined ? [] : [{ ...image, actor: keeper.actor, at: keeper.at }];
  });
  const held = unused.flatMap(({ path, identity }) => {
    if (open.has(identity)) return [{ path, identity, why: problem('LEFTOVER_OPEN', { image: path }) }];
    return busy.has(identity) ? [{ path, identity, why: problem('LEFTOVER_BUSY', { image: path }) }] : [];
  });
  const staying = usedAmong(
    register.files,
    [...kept, ...held].map(({ identity }) => identity),
  );
  const free = unused.filter(({ identity }) => !staying.has(identity));
  return {
    hostId,
    blocked,
    leftovers:
      blocked.length > 0
        ? []
        : overlaysFirst(
            free.map((image) => ({
              ...image,
              under: restingOn(image, free),
              left: leftOf(facts, image.path),
            })),
          ),
    kept,
    held: held.map(({ path, why }) => ({ path, why })),
    used: images
      .filter(({ identity }) => used.has(identity))
      .map(({ path, identity }) => ({ path, by: referrersOf(identity, register) })),
    looked: {
      hosts: connected.length,
      guests: connected.reduce((sum, host) => sum + host.inventory().guests().length, 0),
      records: machines.reduce((sum, { records }) => sum + new Set(records.map(recordKey)).size, 0),
      pools: machines.reduce((sum, { pools }) => sum + pools.length, 0),
      folders: register.folders.size,
      files: register.files.length,
    },
    onlyPools: !register.local,
  };
}

function recordKey({ user, record }: Register['records'][number]): string {
  return `${user.hostId} ${user.uuid} ${record}`;
}

/** A register for each other machine of the fleet. */
async function elsewhere(fleet: Fleet, register: Register): Promise<readonly Register[]> {
  const here = new Set(register.hosts.map((host) => host.host().id));
  const others = fleet.hosts().filter(({ id }) => !here.has(id));
  const [local] = others.filter((host) => host.local);
  const machines = [...(local === undefined ? [] : [local]), ...others.filter((host) => !host.local)];
  return Promise.all(machines.map(({ id }) => readRegister(fleet, id, 'all')));
}

function leftOf({ left }: LeftoverFacts, path: string) {
  const found = left.get(path);
  if (found === undefined) return null;
  const { format: _, ...rest } = found;
  return rest;
}

/** What is surely an image among the files that this host's guests and pools have their images beside. */
async function imagesOf(
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
  /** What a pool makes of a file, once it has looked through its folder again. */
  const toldBy = async (pool: string | null, path: string) => {
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
    const format = await formatOf(one, isNamed, () => toldBy(pool, one.path));
    return format === null ? null : imageOf(one, format, pool);
  });
  return (await Promise.all(found)).filter((image) => image !== null);
}

/** `null` for what may be anything. */
async function formatOf(
  { file, volume }: ReferringFile,
  isNamed: boolean,
  toldByPool: () => Promise<string | null>,
): Promise<ImageFile['format'] | null> {
  if (file?.qcow2 === true || volume?.format === 'qcow2') return 'qcow2';
  if (!isNamed) return null;
  const told = volume === null ? await toldByPool() : volume.format;
  return told === 'raw' ? 'raw' : null;
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

function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((one) => [JSON.stringify(one), one])).values()];
}
