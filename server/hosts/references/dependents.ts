import type { Dependents, DependentUser } from '../../../model/fleet/dependents.ts';
import { type DiskRef, sameDisk } from '../../../model/fleet/disk.ts';
import type { Guest } from '../../../model/fleet/guest.ts';
import type { Image } from '../../../model/fleet/image.ts';
import { leadOf } from '../../../model/fleet/revert-basis.ts';
import type { ImageUser } from '../../../model/fleet/sharing.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { findElsewhere } from './dependents-elsewhere.ts';
import { readRegister } from './register.ts';

/**
 * Finds everything except the disk itself that depends on these images of its chain. Images are compared by identity. On this
 * machine the guests of all its daemons are examined.
 */
export async function findDependents(
  fleet: Fleet,
  ref: DiskRef,
  images: readonly Image[],
): Promise<Dependents> {
  const register = await readRegister(fleet, ref.hostId, 'enough');
  const wanted = new Map<string, string>();
  for (const { source, key } of images) wanted.set(await register.identify(source), key);
  const live = register.disks.find(({ user, later }) => sameDisk(user, ref) && !later);
  const known = new Set<string>();
  const users: DependentUser[] = [];
  const unsure: ImageUser[] = [];
  for (const { user, later, identities, problem } of register.disks) {
    for (const identity of identities) known.add(identity);
    // The disk's own definition counts as a user where it has another active image.
    if (sameDisk(user, ref) && !(later && identities[0] !== live?.identities[0])) continue;
    const hit = identities.find((identity) => wanted.has(identity));
    if (hit !== undefined) users.push({ ...user, image: wanted.get(hit) ?? '' });
    // A missing image may come back, and its backing image is unknown.
    else if (problem !== null) unsure.push(user);
  }
  const own = fleet.guest(ref);
  const unfollowed = own === null ? [] : unfollowedRecords(own, ref.target);
  for (const { lost, user } of unfollowed) if (lost) unsure.push(user);
  // The guest's own records become stale where libvirt can't revert to them, which its plan says.
  const records = [
    ...register.records
      .filter(({ user, needed, identity }) => (user.uuid !== ref.uuid || needed) && wanted.has(identity))
      .map(({ user, record, identity }) => ({ ...user, record, image: wanted.get(identity) ?? '' })),
    ...unfollowed
      .filter(({ lost }) => !lost)
      .flatMap(({ user, record }) => [...wanted.values()].map((image) => ({ ...user, record, image }))),
  ];
  const overlays = register.files.flatMap(({ path, identity, backing }) => {
    const hit = backing.find((one) => wanted.has(one));
    return hit === undefined || known.has(identity) ? [] : [{ path, image: wanted.get(hit) ?? '' }];
  });
  const together = new Set(register.hosts.map((supervisor) => supervisor.host().id));
  const here = new Set([...known, ...register.files.map(({ identity }) => identity)]);
  const isKnown = async (path: string) => here.has(await register.identityAt(path));
  const elsewhere = await findElsewhere(fleet, ref, images, together, isKnown);
  return {
    users: [...users, ...elsewhere.users],
    records: [...records, ...elsewhere.records].filter(
      ({ guestName, record, image }, i, all) =>
        all.findIndex(
          (one) => one.guestName === guestName && one.record === record && one.image === image,
        ) === i,
    ),
    overlays: [...overlays, ...elsewhere.overlays],
    unsure,
    elsewhere: elsewhere.elsewhere,
    overlaysElsewhere: elsewhere.overlaysElsewhere,
    lost: elsewhere.lost,
    silent: register.silent,
    // Chains and guests are reported by their disks, with names.
    unread: [
      ...register.unread.filter(({ code }) =>
        ['HOST_USERS_UNKNOWN', 'POOL_UNREADABLE', 'FILE_UNREADABLE'].includes(code),
      ),
      ...elsewhere.unread,
    ],
    onlyPools: !register.local,
  };
}

/**
 * The guest's records whose images of a disk could not be followed to their end. They rest on the disk's chain like all of its
 * records, unless an image is missing: then nobody can revert to them.
 */
function unfollowedRecords(guest: Guest, target: string) {
  const { hostId, uuid, name: guestName, records, reverts } = guest;
  if (reverts === null) return [];
  return records.flatMap(({ name: record, disks }) =>
    disks.flatMap(({ target: of, frozen }) => {
      const lead = of !== target || frozen === null ? null : leadOf(guest, frozen);
      if (lead === null || lead.complete) return [];
      const lost = lead.images.some(({ missing }) => missing);
      return [{ user: { hostId, uuid, guestName, target }, record, lost }];
    }),
  );
}
