import type { Guest } from '../../model/fleet/guest.ts';
import type { Host } from '../../model/fleet/host.ts';
import type { FleetList } from '../live/fleet-list.ts';
import { type GuestOrder, inOrder } from './guest-order.ts';
import { matchGuest } from './guest-search.ts';

export interface FleetGroup {
  readonly host: Host;
  readonly rows: readonly FleetRow[];
}

export interface FleetRow {
  readonly id: string;
  readonly guest: Guest;
  /** The image by which a search found the guest. */
  readonly hint: string | null;
}

/** The fleet as the list shows it: hosts by name, their guests in order; in a search only what it finds. */
export function fleetGroups(
  fleet: FleetList,
  query: string,
  order: GuestOrder,
  locale: string,
): readonly FleetGroup[] {
  const names = new Intl.Collator(locale, { numeric: true });
  const byHost = Map.groupBy(inOrder(fleet.guests, order, locale), (guest) => guest.hostId);
  return fleet.hosts
    .toSorted((a, b) => names.compare(a.name, b.name))
    .map((host) => ({ host, rows: rowsOf(byHost.get(host.id) ?? [], query) }))
    .filter((group) => query === '' || group.rows.length > 0);
}

function rowsOf(guests: readonly Guest[], query: string): readonly FleetRow[] {
  return guests.flatMap((guest) => {
    const match = query === '' ? null : matchGuest(guest, query);
    if (query !== '' && match === null) return [];
    return [{ id: `${guest.hostId}/${guest.uuid}`, guest, hint: match?.by === 'image' ? match.key : null }];
  });
}
