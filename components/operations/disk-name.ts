import type { Operation } from '../../model/operation.ts';

/** `web-1 · vda`, `web-1` where it is about no disk alone. */
export function diskName({ plan }: Operation): string {
  const targets = plan.disks.map(({ target }) => target).join(', ');
  return targets === '' ? plan.guestName : `${plan.guestName} · ${targets}`;
}
