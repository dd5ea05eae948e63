import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Dependents, DependentUser } from '../../model/dependents.ts';
import { type DiskRef, type Guest, isActive, sameDisk } from '../../model/guest.ts';
import { type Image, type ImageSource, imageKey } from '../../model/image.ts';
import type { ImageUser } from '../../model/sharing.ts';
import { parseUuid } from '../libvirt/index.ts';
import { otherDefinedChains } from './defined-chains.ts';
import { findElsewhere } from './dependents-elsewhere.ts';
import { fileIdentity } from './file-identity.ts';
import type { Fleet } from './fleet.ts';
import { type FoundOverlay, overlaysIn } from './folder-overlays.ts';
import { listPools } from './storage-pools.ts';
import type { Supervisor } from './supervisor.ts';
import { allVolumes } from './volume-chain.ts';

/** A disk of a guest with images that it leads to. */
interface Leading {
  readonly user: ImageUser;
  /** Whether it leads there only at its guest's next start. */
  readonly later: boolean;
  readonly sources: readonly ImageSource[];
  /** Whether there may be more of them. */
  readonly unsure: boolean;
}

/**
 * Looks for everything but the disk itself that rests on these images of its chain. Images are told by what they are, not by
 * what they are called, and on this machine guests of all its daemons are looked at.
 */
export async function findDependents(
  fleet: Fleet,
  ref: DiskRef,
  images: readonly Image[],
): Promise<Dependents> {
  const own = fleet.supervisor(ref.hostId);
  const { local } = own.source();
  const together = local
    ? fleet.hosts().flatMap((host) => (host.local ? [fleet.supervisor(host.id)] : []))
    : [own];
  const identify = (source: ImageSource) => identityOf(source, local);
  const wanted = new Map<string, string>();
  for (const { source, key } of images) wanted.set(await identify(source), key);

  const [active] = (own.inventory().guest(ref.uuid)?.disks ?? []).flatMap(({ target, chain }) =>
    target === ref.target ? (chain?.images ?? []) : [],
  );
  const activeIdentity = active && (await identify(active.source));
  const leading = (await Promise.all(together.map(leadingDisks))).flat();
  const known = new Set<string>();
  const users: DependentUser[] = [];
  const unsure: ImageUser[] = [];
  for (const { user, later, sources, unsure: more } of leading) {
    const identities = await Promise.all(sources.map(identify));
    for (const identity of identities) known.add(identity);
    // The disk's own definition is another user where it leads to another active image.
    if (sameDisk(user, ref) && !(later && identities[0] !== activeIdentity)) continue;
    const hit = identities.find((identity) => wanted.has(identity));
    if (hit !== undefined) users.push({ ...user, image: wanted.get(hit) ?? '' });
    else if (more) unsure.push(user);
  }

  const found = local ? await overlaysIn(await foldersOf(together, leading)) : await overlaysInPools(own);
  const overlays: { path: string; image: string }[] = [];
  for (const { path, backing } of found) {
    const names = await Promise.all(backing.map((name) => fileIdentity(name, local)));
    const hit = names.find((name) => wanted.has(name));
    if (hit === undefined || known.has(await fileIdentity(path, local))) continue;
    overlays.push({ path, image: wanted.get(hit) ?? '' });
  }
  const elsewhere = await findElsewhere(
    fleet,
    ref,
    images,
    new Set(together.map((supervisor) => supervisor.host().id)),
  );
  users.push(...elsewhere.users);
  return { users, overlays, unsure, elsewhere: elsewhere.elsewhere, onlyPools: !local };
}

async function identityOf(source: ImageSource, local: boolean): Promise<string> {
  const path = source.kind === 'network' ? null : source.path;
  return path === null ? `name ${imageKey(source)}` : fileIdentity(path, local);
}

async function leadingDisks(supervisor: Supervisor): Promise<readonly Leading[]> {
  const connected = supervisor.host().state === 'connected';
  // Nothing tells that somebody gave an image of a stopped guest another backing image; such guests are read anew.
  if (connected) await refreshStopped(supervisor);
  const guests = supervisor.inventory().guests();
  const defined = connected ? guests.filter(isActive).map((guest) => definedDisks(supervisor, guest)) : [];
  return [...guests.flatMap(disksOf), ...(await Promise.all(defined)).flat()];
}

async function refreshStopped(supervisor: Supervisor): Promise<void> {
  const stopped = supervisor
    .inventory()
    .guests()
    .filter((guest) => !isActive(guest));
  const source = supervisor.source();
  const load = ({ uuid, name }: Guest) =>
    supervisor.inventory().load(source, { name, uuid: parseUuid(uuid), id: -1 });
  await Promise.all(stopped.map(load));
}

function disksOf({ hostId, uuid, name: guestName, disks }: Guest): readonly Leading[] {
  return disks.map(({ target, chain, problem }) => ({
    user: { hostId, uuid, guestName, target },
    later: false,
    sources: (chain?.images ?? []).map(({ source }) => source),
    // An image that is not there backs nothing and is backed by nothing.
    unsure: problem !== null && problem.code !== 'IMAGE_MISSING',
  }));
}

async function definedDisks(supervisor: Supervisor, guest: Guest): Promise<readonly Leading[]> {
  const { hostId, uuid, name: guestName } = guest;
  const chains = await otherDefinedChains(supervisor.source(), guest);
  return chains.map(({ target, images }) => ({
    user: { hostId, uuid, guestName, target },
    later: true,
    sources: images.map(({ source }) => source),
    unsure: false,
  }));
}

/** Every folder of this machine that a known image lies in, and those of the storage pools. */
async function foldersOf(
  together: readonly Supervisor[],
  leading: readonly Leading[],
): Promise<ReadonlySet<string>> {
  const paths = leading.flatMap(({ sources }) =>
    sources.map((source) => (source.kind === 'file' || source.kind === 'volume' ? source.path : null)),
  );
  const resolved = (path: string) => realpath(path).catch(() => path);
  const folders = new Set<string>();
  for (const path of new Set(paths.filter((one) => one !== null))) {
    // A link's own folder, and the one that the file is in; each once, however it is called.
    folders.add(await resolved(dirname(path)));
    folders.add(dirname(await resolved(path)));
  }
  for (const supervisor of together) {
    if (supervisor.host().state !== 'connected') continue;
    for (const { path, running } of await listPools(supervisor.source().connection)) {
      if (running) folders.add(await resolved(path));
    }
  }
  return folders;
}

async function overlaysInPools(supervisor: Supervisor): Promise<readonly FoundOverlay[]> {
  const volumes = await allVolumes(supervisor.source().connection);
  return volumes.flatMap(({ path, backing }) =>
    backing === null ? [] : [{ path, backing: [backing.path] }],
  );
}
