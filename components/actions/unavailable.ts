import type { Disk } from '../../model/fleet/disk.ts';
import { isActive } from '../../model/fleet/guest.ts';
import { needsOf } from '../../model/kinds/kinds.ts';
import type { Need } from '../../model/plans/kind.ts';
import type { ActionAt, ActionName } from './action.ts';

/** Why an action is unavailable; each reason has its text in the catalogue. */
export type Unavailable =
  | 'busy'
  | 'hostLost'
  | 'noChain'
  | 'noOtherHost'
  | 'noRecords'
  | 'noReverts'
  | 'notRunning'
  | 'oneImage';

/**
 * Why the form of an action can't be opened; `null` where it can. It knows the obvious reasons only: the plan has all others,
 * so an action that is available may still be refused.
 * @param busy whether an operation has the disk
 */
export function whyUnavailable(action: ActionName, at: ActionAt, busy: boolean): Unavailable | null {
  if (at.host.state !== 'connected') return 'hostLost';
  if (busy) return 'busy';
  const missing = needsOf(action).map((need) => MISSING[need](at));
  return missing.find((reason) => reason !== null) ?? null;
}

/** Why each need is not met; `null` if it is. */
const MISSING: Readonly<Record<Need, (at: ActionAt) => Unavailable | null>> = {
  'any-chain': ({ guest }) => (guest.disks.every((disk) => depthOf(disk) === 0) ? 'noChain' : null),
  chain: ({ disk }) => (depthOf(disk) === 0 ? 'noChain' : null),
  'two-images': ({ disk }) => (depthOf(disk) === 0 ? 'noChain' : depthOf(disk) === 1 ? 'oneImage' : null),
  records: ({ guest }) => (guest.records.length === 0 ? 'noRecords' : null),
  reverts: ({ guest }) => (guest.reverts === null ? 'noReverts' : null),
  running: ({ guest }) => (isActive(guest) ? null : 'notRunning'),
  'other-host': ({ others }) => (others.length === 0 ? 'noOtherHost' : null),
};

function depthOf({ chain }: Disk): number {
  return chain?.images.length ?? 0;
}
