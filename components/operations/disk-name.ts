import type { Operation } from '../../model/operation/operation.ts';

/** `web-1 · vda`, `web-1` where it is about no disk alone, the host's name where it is about no guest. */
export function diskName({ plan, hostName }: Operation): string {
  const targets = plan.disks.map(({ target }) => target).join(', ');
  const name = plan.guestName ?? hostName;
  return targets === '' ? name : `${name} · ${targets}`;
}
