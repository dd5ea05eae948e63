import { isActive } from '../../model/fleet/guest.ts';
import type { ActionAt, ActionName } from './action.ts';

/** Why an action is unavailable; each reason has its text in the catalogue. */
export type Unavailable =
  | 'busy'
  | 'hostLost'
  | 'noChain'
  | 'noOtherHost'
  | 'noRecords'
  | 'notRunning'
  | 'oneImage';

/**
 * Why the form of an action can't be opened; `null` where it can. It knows the obvious reasons only: the plan has all others,
 * so an action that is available may still be refused.
 * @param busy whether an operation has the disk
 */
export function whyUnavailable(
  action: ActionName,
  { host, others, guest, disk }: ActionAt,
  busy: boolean,
): Unavailable | null {
  if (host.state !== 'connected') return 'hostLost';
  if (busy) return 'busy';
  const depth = disk.chain?.images.length ?? 0;
  switch (action) {
    case 'forget':
      return guest.records.length === 0 ? 'noRecords' : null;
    case 'snapshot':
      return guest.disks.every(({ chain }) => chain === null || chain.images.length === 0) ? 'noChain' : null;
    case 'shorten':
    case 'merge-down':
      if (depth < 2) return depth === 0 ? 'noChain' : 'oneImage';
      return isActive(guest) ? null : 'notRunning';
    case 'move':
      if (depth === 0) return 'noChain';
      return isActive(guest) ? null : 'notRunning';
    case 'migrate':
      if (others.length === 0) return 'noOtherHost';
      return isActive(guest) ? null : 'notRunning';
  }
}
