import { posix } from 'node:path';
import type { Guest } from '../../../model/fleet/guest.ts';
import { leadOf } from '../../../model/fleet/revert-basis.ts';
import type { ImageUser } from '../../../model/fleet/sharing.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import { isConnectionLost } from '../../libvirt/index.ts';
import type { Supervisor } from '../fleet/supervisor.ts';
import { type VolumeInfo, volumesIn } from '../images/volume-chain.ts';
import { type AnyPool, allPools } from '../pools/storage-pools.ts';
import { isFileSource } from './file-source.ts';
import { type RecordedImage, recordedImages } from './recorded-images.ts';
import { type LeadingDisk, leadingDisks, refreshAll, refreshStopped } from './referring-disks.ts';

export interface HostPool extends AnyPool {
  readonly hostId: string;
}

/** `enough` before an image is written, `all` before one is deleted: then every guest and pool is read again. */
export type Thoroughness = 'enough' | 'all';

/** What one host's libvirt knows of the images that its guests and pools refer to. */
export interface HostReferences {
  readonly disks: readonly LeadingDisk[];
  readonly records: readonly RecordedImage[];
  readonly pools: readonly HostPool[];
  /** Of the pools whose folders this process can't read. */
  readonly volumes: readonly VolumeInfo[];
  /** Names of guests that did not answer, and whose images were not known when the disks were read. */
  readonly silent: readonly string[];
  /** Why there may be more. */
  readonly unread: readonly Problem[];
}

/** Throws an error of a lost connection; whatever else can't be read is a problem in `unread`. */
export async function readHostReferences(
  host: Supervisor,
  thoroughness: Thoroughness,
): Promise<HostReferences> {
  const { id: hostId, name, local, state } = host.host();
  const unread: Problem[] = [];
  let pools: readonly HostPool[] = [];
  let asked: readonly HostPool[] = [];
  let volumes: readonly VolumeInfo[] = [];
  if (state === 'connected') {
    if (thoroughness === 'all') unread.push(...(await refreshAll(host)));
    else await refreshStopped(host);
    pools = (await allPools(host.source().connection)).map((pool) => ({ ...pool, hostId }));
    const stopped = pools.filter(({ running }) => !running);
    unread.push(...stopped.map((pool) => problem('POOL_UNREADABLE', { pool: pool.name, host: name })));
    asked = pools.filter(({ running, path }) => running && !(local && path !== null));
    volumes = (await Promise.all(asked.map((pool) => volumesOf(host, pool, thoroughness, unread)))).flat();
  } else unread.push(problem('HOST_USERS_UNKNOWN', { host: name }));
  // In the same turn as the disks are taken: what is known of a guest later is not in them.
  const silent = host
    .inventory()
    .guests()
    .flatMap((guest) => (guest.unread === null ? [] : [guest.name]));
  const disks = await leadingDisks(host);
  for (const disk of disks) {
    const stopped = disk.problem ?? (thoroughness === 'all' ? missingFrom(disk, asked, volumes) : null);
    if (stopped !== null) unread.push(chainUnknown(disk.user, name, stopped));
  }
  for (const guest of host.inventory().guests()) unread.push(...recordsUnknown(guest, name));
  return { disks, records: await recordedImages(host), pools, volumes, silent, unread };
}

/** A disk may lead to any image: names the disk, and why its chain can't be followed further. */
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

/** Where libvirt can revert to snapshots: those whose images can't be followed to the end may rest on any image. */
function recordsUnknown(guest: Guest, host: string): readonly Problem[] {
  const { reverts, records } = guest;
  if (reverts === null) return [];
  return records.flatMap(({ name: record, disks }) => {
    const leads = disks.flatMap(({ frozen }) => (frozen === null ? [] : [leadOf(guest, frozen)]));
    const isOpen = leads.some(({ images, complete }) => !complete && !images.some(({ missing }) => missing));
    return isOpen ? [problem('RECORD_CHAIN_UNKNOWN', { guest: guest.name, record, host })] : [];
  });
}

/** An image that its folder's pool doesn't have after a refresh. For files that this process can't read. */
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

async function volumesOf(
  host: Supervisor,
  { name }: HostPool,
  thoroughness: Thoroughness,
  unread: Problem[],
): Promise<readonly VolumeInfo[]> {
  const { connection } = host.source();
  try {
    const pool = await connection.call('STORAGE_POOL_LOOKUP_BY_NAME', { name });
    if (thoroughness === 'all') await connection.call('STORAGE_POOL_REFRESH', { pool, flags: 0 });
    return await volumesIn(connection, pool);
  } catch (error) {
    if (isConnectionLost(error)) throw error;
    unread.push(problem('POOL_UNREADABLE', { pool: name, host: host.host().name }));
    return [];
  }
}
