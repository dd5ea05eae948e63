import { imageUsers } from '../../model/fleet/sharing.ts';
import { guestFigures } from '../fleet/guest-figures.ts';
import type { FleetList } from '../live/fleet-list.ts';

export interface FleetTotals {
  readonly guests: number;
  readonly hosts: number;
  readonly images: number;
  readonly shared: number;
  /** Bytes of all images, each counted once. */
  readonly allocated: number;
  /** Whether the size of some image is unknown, so that `allocated` is a lower bound. */
  readonly partial: boolean;
  readonly deepest: number;
}

export function fleetTotals({ hosts, guests }: FleetList): FleetTotals {
  let [images, shared, allocated] = [0, 0, 0];
  const partial = guests.some((guest) => guestFigures(guest).partial);
  for (const ofHost of Map.groupBy(guests, (guest) => guest.hostId).values()) {
    for (const users of imageUsers(ofHost).values()) {
      images += 1;
      if (users.length > 1) shared += 1;
    }
    const sizes = new Map<string, number>();
    for (const guest of ofHost) {
      for (const image of guest.disks.flatMap((disk) => disk.chain?.images ?? [])) {
        sizes.set(image.key, image.allocated ?? 0);
      }
    }
    for (const bytes of sizes.values()) allocated += bytes;
  }
  const deepest = guests.reduce((most, guest) => Math.max(most, guestFigures(guest).depth), 0);
  return { guests: guests.length, hosts: hosts.length, images, shared, allocated, partial, deepest };
}
