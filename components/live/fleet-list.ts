import type { GuestRef } from '../../model/fleet/disk.ts';
import type { Guest } from '../../model/fleet/guest.ts';
import type { Host } from '../../model/fleet/host.ts';
import type { StreamEvent } from '../../model/operation/stream-event.ts';

/** All hosts and guests with the revision that they were read at: the answer of `guests.list`. */
export interface FleetList {
  readonly revision: string;
  readonly hosts: readonly Host[];
  readonly guests: readonly Guest[];
}

/**
 * The fleet after one event. Everything that the event does not touch keeps its identity, so that a change
 * of one guest draws one row. The revision stays: the next `hello` shows whether something was missed.
 */
export function fleetAfter(fleet: FleetList, event: StreamEvent): FleetList {
  switch (event.kind) {
    case 'host':
      return { ...fleet, hosts: replaced(fleet.hosts, event.host, (host) => host.id === event.host.id) };
    case 'host-removed':
      return {
        ...fleet,
        hosts: fleet.hosts.filter((host) => host.id !== event.hostId),
        guests: fleet.guests.filter((guest) => guest.hostId !== event.hostId),
      };
    case 'guest':
      return {
        ...fleet,
        guests: replaced(fleet.guests, event.guest, (guest) => sameGuest(guest, event.guest)),
      };
    case 'guest-gone':
      return { ...fleet, guests: fleet.guests.filter((guest) => !sameGuest(guest, event.guest)) };
    default:
      return fleet;
  }
}

export function sameGuest(a: GuestRef, b: GuestRef): boolean {
  return a.uuid === b.uuid && a.hostId === b.hostId;
}

/** The list with the one that matches replaced in its place, or the new one at the end. */
export function replaced<T>(list: readonly T[], item: T, matches: (candidate: T) => boolean): readonly T[] {
  const place = list.findIndex(matches);
  return place < 0 ? [...list, item] : list.with(place, item);
}
