import { posix } from 'node:path';
import type { DependentRecord, Dependents, DependentUser } from '../../../model/fleet/dependents.ts';
import type { DiskRef } from '../../../model/fleet/disk.ts';
import type { Guest } from '../../../model/fleet/guest.ts';
import type { Host } from '../../../model/fleet/host.ts';
import { type Image, imagePath } from '../../../model/fleet/image.ts';
import type { ImageUser } from '../../../model/fleet/sharing.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import { isConnectionLost } from '../../libvirt/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { allVolumes } from '../images/volume-chain.ts';
import { ImageIdentities } from './image-identity.ts';
import { recordedImages } from './recorded-images.ts';

/** Something on another machine that names the path of an image here. */
interface Alike {
  /** Id of that machine's host. */
  readonly hostId: string;
  readonly image: Image;
  readonly path: string;
  readonly format: string;
}

type Found = Pick<
  Dependents,
  'users' | 'records' | 'overlays' | 'elsewhere' | 'overlaysElsewhere' | 'lost' | 'unread'
>;

/**
 * Finds disks, snapshots and volumes on other machines that name the path of an image here. With shared storage this is the
 * same file, which is decided by what both hosts report of it.
 * @param together ids of the hosts that are examined otherwise
 * @param isKnown whether an image at this path is examined here
 */
export async function findElsewhere(
  fleet: Fleet,
  ref: DiskRef,
  images: readonly Image[],
  together: ReadonlySet<string>,
  isKnown: (path: string) => Promise<boolean>,
): Promise<Found> {
  const users: DependentUser[] = [];
  const records: DependentRecord[] = [];
  const overlays: { path: string; image: string }[] = [];
  const elsewhere: ImageUser[] = [];
  const overlaysElsewhere: string[] = [];
  const lost: DependentUser[] = [];
  const unread: Problem[] = [];
  const hosts = fleet.hosts().filter(({ id }) => !together.has(id));

  async function judge(alike: Alike, user: ImageUser, record: string | null): Promise<void> {
    const imageIdentity = await compared(fleet, ref.hostId, alike);
    const dependent = { ...user, image: alike.image.key };
    if (imageIdentity === 'lost') lost.push(dependent);
    else if (imageIdentity === 'unknown') elsewhere.push(user);
    else if (imageIdentity === 'same' && record === null) users.push(dependent);
    else if (imageIdentity === 'same' && record !== null) records.push({ ...dependent, record });
  }

  async function inspect({ id, name, state }: Host): Promise<void> {
    const host = fleet.supervisor(id);
    const known = await recordedImages(host);
    const disks = host
      .inventory()
      .guests()
      .flatMap((guest) => alikeIn(guest, images));
    const inChains = new Set(
      host
        .inventory()
        .guests()
        .flatMap(({ disks: all }) => all.flatMap(({ chain }) => chain?.images ?? []))
        .flatMap((image) => imagePath(image) ?? []),
    );
    const recorded = known.flatMap(({ user, record, path }) =>
      alikesAt(id, path, null, images).map((alike) => ({ alike, user, record })),
    );
    // A record names the image that it froze, and its overlay.
    const once = new Map(recorded.map((one) => [`${one.user.uuid} ${one.record} ${one.alike.path}`, one]));
    await Promise.all([
      ...disks.map(({ alike, user }) => judge(alike, user, null)),
      ...[...once.values()].map(({ alike, user, record }) => judge(alike, user, record)),
    ]);
    if (state !== 'connected') {
      unread.push(problem('HOST_USERS_UNKNOWN', { host: name }));
      return;
    }
    for (const { path, backing } of await allVolumes(host.source().connection)) {
      if (backing === null || inChains.has(path)) continue;
      const file = `${name}: ${path}`;
      for (const alike of alikesAt(id, backing.path, backing.format, images)) {
        // On shared storage the images of this machine are volumes there.
        const itself = { hostId: id, image: alike.image, path, format: 'qcow2' };
        if ((await isKnown(path)) && (await compared(fleet, ref.hostId, itself)) !== 'different') continue;
        const imageIdentity = await compared(fleet, ref.hostId, alike);
        if (imageIdentity === 'same') overlays.push({ path: file, image: alike.image.key });
        else if (imageIdentity === 'unknown') overlaysElsewhere.push(file);
      }
    }
  }

  await Promise.all(
    hosts.map(async (host) => {
      try {
        await inspect(host);
      } catch (error) {
        if (!isConnectionLost(error)) throw error;
        unread.push(problem('HOST_USERS_UNKNOWN', { host: host.name }));
      }
    }),
  );
  return { users, records, overlays, elsewhere, overlaysElsewhere, lost, unread };
}

/** The topmost image of each disk is enough, since the images below it are below it here too. */
function alikeIn(
  { hostId, uuid, name: guestName, disks }: Guest,
  images: readonly Image[],
): readonly { readonly alike: Alike; readonly user: ImageUser }[] {
  return disks.flatMap(({ target, chain }) => {
    for (const { source, format } of chain?.images ?? []) {
      const path = source.kind === 'network' ? null : source.path;
      const [alike] = path === null ? [] : alikesAt(hostId, path, format, images);
      if (alike !== undefined) return [{ alike, user: { hostId, uuid, guestName, target } }];
    }
    return [];
  });
}

/** The image at that path here, if any. */
function alikesAt(
  hostId: string,
  path: string,
  format: string | null,
  images: readonly Image[],
): readonly Alike[] {
  const image = images.find((one) => isAt(one, path));
  return image === undefined ? [] : [{ hostId, image, path, format: format ?? image.format ?? 'raw' }];
}

function isAt(image: Image, path: string): boolean {
  const own = imagePath(image);
  return own !== null && posix.normalize(own) === posix.normalize(path);
}

/** A host that isn't connected is judged by its last state; whether it is the same file is unknown until it is back. */
async function compared(fleet: Fleet, from: string, { hostId, path, format }: Alike) {
  if (fleet.supervisor(hostId).host().state !== 'connected') return 'lost';
  const [found] = await new ImageIdentities(fleet).compare(from, hostId, [path], { path, format });
  return found?.imageIdentity ?? 'unknown';
}
