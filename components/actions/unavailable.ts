import type { Disk } from '../../model/fleet/disk.ts';
import { isActive } from '../../model/fleet/guest.ts';
import { needsOf } from '../../model/kinds/kinds.ts';
import type { Need } from '../../model/plans/kind.ts';
import type { ActionAt, ActionName } from './action.ts';

/** Why an action makes no sense here; each has its text in the catalogue. */
export type Impossible =
  | 'busy'
  | 'hostLost'
  | 'noChain'
  | 'noOtherHost'
  | 'noRecords'
  | 'notRunning'
  | 'oneImage';

/**
 * Why the form of an action need not be opened; `null` where it can be. Only what is plain to see: all else the plan
 * says, and nothing is safe because of this.
 * @param busy whether an operation has the disk
 */
export function impossible(action: ActionName, at: ActionAt, busy: boolean): Impossible | null {
  if (at.host.state !== 'connected') return 'hostLost';
  if (busy) return 'busy';
  const missing = needsOf(action).map((need) => MISSING[need](at));
  return missing.find((reason) => reason !== null) ?? null;
}

/** Why each need is not met; `null` if it is. */
const MISSING: Readonly<Record<Need, (at: ActionAt) => Impossible | null>> = {
  'any-chain': ({ guest }) => (guest.disks.every((disk) => depthOf(disk) === 0) ? 'noChain' : null),
  chain: ({ disk }) => (depthOf(disk) === 0 ? 'noChain' : null),
  'two-images': ({ disk }) => (depthOf(disk) === 0 ? 'noChain' : depthOf(disk) === 1 ? 'oneImage' : null),
  records: ({ guest }) => (guest.records.length === 0 ? 'noRecords' : null),
  running: ({ guest }) => (isActive(guest) ? null : 'notRunning'),
  'other-host': ({ others }) => (others.length === 0 ? 'noOtherHost' : null),
};

function depthOf({ chain }: Disk): number {
  return chain?.images.length ?? 0;
}
