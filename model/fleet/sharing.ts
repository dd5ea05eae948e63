import type { Chain } from './chain.ts';
import { type DiskRef, sameDisk } from './disk.ts';
import type { Guest } from './guest.ts';

/** A disk whose chain contains an image. */
export interface ImageUser extends DiskRef {
  readonly guestName: string;
}

/**
 * Everyone who uses each image of one host, by image key. An image with more than one user is shared.
 * `guests` are that host's guests, running or not.
 */
export function imageUsers(guests: readonly Guest[]): ReadonlyMap<string, readonly ImageUser[]> {
  const users = new Map<string, ImageUser[]>();
  for (const guest of guests) {
    for (const disk of guest.disks) {
      const user = { hostId: guest.hostId, uuid: guest.uuid, guestName: guest.name, target: disk.target };
      for (const image of disk.chain?.images ?? []) {
        const known = users.get(image.key);
        if (known) known.push(user);
        else users.set(image.key, [user]);
      }
    }
  }
  return users;
}

/** The disks other than this one that use an image of the chain. */
export function otherUsers(
  ref: DiskRef,
  chain: Chain,
  users: ReadonlyMap<string, readonly ImageUser[]>,
): readonly ImageUser[] {
  const found = new Map<string, ImageUser>();
  for (const { key } of chain.images) {
    for (const user of users.get(key) ?? []) {
      if (!sameDisk(user, ref)) found.set(`${user.uuid}/${user.target}`, user);
    }
  }
  return [...found.values()];
}

/** Whether a disk other than this one uses the image. */
export function isUsedByOthers(
  ref: DiskRef,
  key: string,
  users: ReadonlyMap<string, readonly ImageUser[]>,
): boolean {
  return (users.get(key) ?? []).some((user) => !sameDisk(user, ref));
}
