import { posix } from 'node:path';
import { type ImageSource, imageKey } from '../../../model/fleet/image.ts';
import type { ImageUser } from '../../../model/fleet/sharing.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import { isConnectionLost } from '../../libvirt/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Supervisor } from '../fleet/supervisor.ts';
import { fileIdentity } from '../images/file-identity.ts';
import { type VolumeInfo, volumesIn } from '../images/volume-chain.ts';
import { type AnyPool, allPools } from '../pools/storage-pools.ts';
import { type FoundFile, filesIn } from './folder-images.ts';
import { foldersOf } from './image-folders.ts';
import { type RecordedImage, recordedImages } from './recorded-images.ts';
import { type LeadingDisk, leadingDisks, refreshAll, refreshStopped } from './referring-disks.ts';

export interface ReferringDisk extends LeadingDisk {
  /** Of its images, in the same order. */
  readonly identities: readonly string[];
}

/** A snapshot record that names an image, as the one that it froze or the one that took its place. */
export interface ReferringRecord extends RecordedImage {
  readonly identity: string;
}

/** An image file or a volume, with the identities of what it may mean by its backing image, and of what it keeps its data in. */
export interface ReferringFile {
  readonly path: string;
  readonly identity: string;
  readonly backing: readonly string[];
  /** What the file itself tells; `null` for what only a storage pool knows. */
  readonly file: FoundFile | null;
  /** What a storage pool tells; `null` for files that can be looked at. */
  readonly volume: VolumeInfo | null;
}

/**
 * Everything that refers to the images of one machine, looked up at one moment. Images are told by what they are, not by what
 * they are called: one identity stands for all paths that lead to a file.
 */
export interface Register {
  /** All daemons of this machine, or a single one elsewhere. */
  readonly hosts: readonly Supervisor[];
  /** Whether the files can be read from here; else it goes by paths, and by what the storage pools know. */
  readonly local: boolean;
  readonly disks: readonly ReferringDisk[];
  readonly records: readonly ReferringRecord[];
  readonly files: readonly ReferringFile[];
  /** Those of this machine that were looked through, by no other name than their own. */
  readonly folders: ReadonlySet<string>;
  readonly pools: readonly HostPool[];
  /** What could not be looked at, so that there may be more. */
  readonly unread: readonly Problem[];
  identify(source: ImageSource): Promise<string>;
  identityAt(path: string): Promise<string>;
}

export interface HostPool extends AnyPool {
  readonly hostId: string;
}

/** How thoroughly to look: `enough` for what is to be written, `all` for what is to be deleted: every guest and pool is read anew. */
export type Thoroughness = 'enough' | 'all';

/** Throws a `ProblemError` where there is no such host, or a lost connection. */
export async function readRegister(fleet: Fleet, hostId: string, look: Thoroughness): Promise<Register> {
  const own = fleet.supervisor(hostId);
  const { local } = own.host();
  const hosts = local
    ? fleet.hosts().flatMap((host) => (host.local ? [fleet.supervisor(host.id)] : []))
    : [own];
  const identityAt = (path: string) => fileIdentity(path, local);
  const identify = async (source: ImageSource) => {
    const path = source.kind === 'network' ? null : source.path;
    return path === null ? `name ${imageKey(source)}` : identityAt(path);
  };
  const seen = await Promise.all(hosts.map((host) => readHost(host, look)));
  const disks = await Promise.all(
    seen
      .flatMap((host) => host.disks)
      .map(async (disk) => ({ ...disk, identities: await Promise.all(disk.sources.map(identify)) })),
  );
  const records = await Promise.all(
    seen
      .flatMap((host) => host.records)
      .map(async (record) => ({ ...record, identity: await identityAt(record.path) })),
  );
  const pools = seen.flatMap((host) => host.pools);
  const folders = local ? await foldersOf(pathsIn(disks, records), runningFolders(pools)) : new Set<string>();
  const found = await filesIn(folders);
  const volumes = seen.flatMap((host) => host.volumes);
  const files = await Promise.all([
    ...found.files.map((file) => entry(file, file.backing, identityAt, { file, volume: null })),
    ...volumes.map((volume) =>
      entry(volume, volume.backing === null ? [] : [volume.backing.path], identityAt, { file: null, volume }),
    ),
  ]);
  const unread = [
    ...seen.flatMap((host) => host.unread),
    ...found.unread.map((path) => problem('FILE_UNREADABLE', { path })),
  ];
  return { hosts, local, disks, records, files, folders, pools, unread, identify, identityAt };
}

async function entry(
  { path }: { readonly path: string },
  backing: readonly string[],
  identityAt: (path: string) => Promise<string>,
  known: Pick<ReferringFile, 'file' | 'volume'>,
): Promise<ReferringFile> {
  const identity = known.file?.identity ?? (await identityAt(path));
  return { path, identity, backing: await Promise.all(backing.map(identityAt)), ...known };
}

interface SeenHost {
  readonly disks: readonly LeadingDisk[];
  readonly records: readonly RecordedImage[];
  readonly pools: readonly HostPool[];
  /** Of the pools whose folders can't be looked through from here. */
  readonly volumes: readonly VolumeInfo[];
  readonly unread: readonly Problem[];
}

async function readHost(host: Supervisor, look: Thoroughness): Promise<SeenHost> {
  const { id: hostId, name, local, state } = host.host();
  const unread: Problem[] = [];
  let pools: readonly HostPool[] = [];
  let asked: readonly HostPool[] = [];
  let volumes: readonly VolumeInfo[] = [];
  if (state === 'connected') {
    if (look === 'all') unread.push(...(await refreshAll(host)));
    else await refreshStopped(host);
    pools = (await allPools(host.source().connection)).map((pool) => ({ ...pool, hostId }));
    const stopped = pools.filter(({ running }) => !running);
    unread.push(...stopped.map((pool) => problem('POOL_UNREADABLE', { pool: pool.name, host: name })));
    asked = pools.filter(({ running, path }) => running && !(local && path !== null));
    volumes = (await Promise.all(asked.map((pool) => volumesSeen(host, pool, look, unread)))).flat();
  } else unread.push(problem('HOST_USERS_UNKNOWN', { host: name }));
  const disks = await leadingDisks(host);
  for (const disk of disks) {
    const stopped = disk.problem ?? (look === 'all' ? missingFrom(disk, asked, volumes) : null);
    if (stopped !== null) unread.push(chainUnknown(disk.user, name, stopped));
  }
  return { disks, records: await recordedImages(host), pools, volumes, unread };
}

/** Why a disk may lead to any image, in a way that names it, and what stops its chain. */
function chainUnknown(
  { hostId, uuid, guestName, target }: ImageUser,
  host: string,
  stopped: Problem,
): Problem {
  const { image, volume, reason } = stopped.params;
  return problem('CHAIN_UNKNOWN', {
    ...{ guest: guestName, target, host, hostId, uuid },
    ...{ why: stopped.code, path: image ?? volume ?? '', reason: reason ?? '' },
  });
}

/** An image that the pool of its folder, looked through a moment ago, does not have: where files can't be looked at themselves. */
function missingFrom(
  { sources }: LeadingDisk,
  asked: readonly HostPool[],
  volumes: readonly VolumeInfo[],
): Problem | null {
  const folders = new Set(asked.map(({ path }) => path));
  const there = new Set(volumes.map(({ path }) => posix.normalize(path)));
  const gone = sources.filter(isFileSource).find(({ path }) => {
    if (path === null) return false;
    const plain = posix.normalize(path);
    return folders.has(posix.dirname(plain)) && !there.has(plain);
  });
  return gone === undefined ? null : problem('IMAGE_MISSING', { image: gone.path ?? '' });
}

async function volumesSeen(
  host: Supervisor,
  { name }: HostPool,
  look: Thoroughness,
  unread: Problem[],
): Promise<readonly VolumeInfo[]> {
  const { connection } = host.source();
  try {
    const pool = await connection.call('STORAGE_POOL_LOOKUP_BY_NAME', { name });
    if (look === 'all') await connection.call('STORAGE_POOL_REFRESH', { pool, flags: 0 });
    return await volumesIn(connection, pool);
  } catch (error) {
    if (isConnectionLost(error)) throw error;
    unread.push(problem('POOL_UNREADABLE', { pool: name, host: host.host().name }));
    return [];
  }
}

function pathsIn(disks: readonly LeadingDisk[], records: readonly RecordedImage[]): readonly string[] {
  const sources = disks.flatMap((disk) => disk.sources);
  return [
    ...sources.filter(isFileSource).flatMap(({ path }) => (path === null ? [] : [path])),
    ...records.map(({ path }) => path),
  ];
}

export function isFileSource(
  source: ImageSource,
): source is Extract<ImageSource, { kind: 'file' | 'volume' }> {
  return source.kind === 'file' || source.kind === 'volume';
}

function runningFolders(pools: readonly HostPool[]): readonly string[] {
  return pools.flatMap(({ path, running }) => (running && path !== null ? [path] : []));
}
