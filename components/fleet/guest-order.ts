import type { Guest } from '../../model/fleet/guest.ts';
import { guestFigures } from './guest-figures.ts';

export type GuestOrder = 'name' | 'depth' | 'bytes';

/** In the order asked for: names as people sort them (`web-2` before `web-10`), figures from the largest down. */
export function inOrder(guests: readonly Guest[], order: GuestOrder, locale: string): readonly Guest[] {
  const names = new Intl.Collator(locale, { numeric: true });
  const figure = (guest: Guest) => {
    const { depth, bytes } = guestFigures(guest);
    return order === 'name' ? 0 : order === 'depth' ? depth : (bytes ?? -1);
  };
  return guests.toSorted((a, b) => figure(b) - figure(a) || names.compare(a.name, b.name));
}
