import { type Chain, fingerprint } from '../../fleet/chain.ts';
import type { Disk } from '../../fleet/disk.ts';
import type { Guest } from '../../fleet/guest.ts';
import { otherUsers } from '../../fleet/sharing.ts';
import { type AnyIntent, NO_COST, type PlanFacts, type PlanOf } from '../plan.ts';
import type { AnyStep } from '../step.ts';

/** What the plans of all fixes depend on. */
export type FixFacts = Pick<PlanFacts, 'uri' | 'users'>;

/** A plan that copies no data, for one disk. */
export function fixPlan<Intent extends AnyIntent, Step extends AnyStep>(
  guest: Guest,
  disk: Disk,
  { uri, users }: FixFacts,
  made: Pick<PlanOf<Intent, Step>, 'intent' | 'steps' | 'refusals' | 'warnings'> & {
    /** What the plan depends on beside the chain. */
    readonly dependsOn: unknown;
    /** The chain afterwards, if it changes. */
    readonly after?: Chain;
  },
): PlanOf<Intent, Step> {
  const { hostId, uuid, name: guestName } = guest;
  const { dependsOn, after, ...rest } = made;
  const now = disk.chain ?? { images: [] };
  return {
    hostId,
    guest: { hostId, uuid },
    guestName,
    uris: { [hostId]: uri },
    fingerprint: JSON.stringify([fingerprint(now), guest.state, dependsOn]),
    disks: [{ target: disk.target, now, after: after ?? now, merged: [] }],
    wholeGuest: false,
    cost: NO_COST,
    otherUsers: otherUsers({ hostId, uuid, target: disk.target }, now, users),
    ...rest,
  };
}
