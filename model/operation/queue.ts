import { hostsOf, needsPlace, needsTurn, shareGuest } from '../kinds/claims.ts';
import type { Operation } from './operation.ts';

/** The running operations whose end a queued one waits for because of the limit of a host, paused ones first. */
export function ahead(queued: Operation, underWay: readonly Operation[]): readonly Operation[] {
  const found = underWay.filter(
    (one) => one.startedAt !== null && needsPlace(one.plan) && shareHost(one, queued),
  );
  return found.toSorted((a, b) => Number(Boolean(b.paused)) - Number(Boolean(a.paused)));
}

/** The queued operations that wait for this one's end: for the limit of a host, or for the guest. */
export function behind(operation: Operation, underWay: readonly Operation[]): readonly Operation[] {
  return underWay.filter(
    (one) =>
      one.state === 'queued' &&
      ((needsPlace(operation.plan) && needsPlace(one.plan) && shareHost(one, operation)) ||
        (needsTurn(operation.plan) && needsTurn(one.plan) && shareGuest(one.plan, operation.plan))),
  );
}

function shareHost(a: Operation, b: Operation): boolean {
  return [...hostsOf(a.plan)].some((hostId) => hostsOf(b.plan).has(hostId));
}
