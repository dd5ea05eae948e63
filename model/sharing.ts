import type { DiskRef, Guest } from './guest.ts';

/** A disk whose chain holds an image. */
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
