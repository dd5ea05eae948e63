import type { Guest } from '../../model/fleet/guest.ts';
import { forgettable } from '../../model/plans/forget.ts';

/**
 * Whether an operation that changes a chain forgets snapshots afterwards unless the operator decides otherwise. Where libvirt
 * can revert to snapshots, the operation makes none useless, so only what is useless before it can be forgotten.
 */
export function forgetsAfter(guest: Guest): boolean {
  return guest.reverts === null || forgettable(guest).length > 0;
}
