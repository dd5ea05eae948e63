import type { Guest } from '../../../model/fleet/guest.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import { lostOf, planRevert, type RevertIntent, revertOutline } from '../../../model/plans/revert/revert.ts';
import type { Ports } from '../../ports/ports.ts';
import type { CommonFacts } from './common-facts.ts';
import { destinationsOf } from './snapshot.ts';

/** Plans a revert from what the host has now. */
export async function revertPlan(
  { snapshots, destinations, dependents }: Pick<Ports, 'snapshots' | 'destinations' | 'dependents'>,
  guest: Guest,
  intent: RevertIntent,
  facts: CommonFacts,
): Promise<Plan> {
  const outline = revertOutline(guest, intent);
  const [circumstances, inspected, found] = await Promise.all([
    snapshots.circumstances(guest),
    destinationsOf({ destinations }, guest.hostId, outline.made),
    Promise.all(
      lostOf(guest, outline).map(
        async ({ ref, image }) => [image, await dependents.of(ref, [image])] as const,
      ),
    ),
  ]);
  return planRevert(guest, intent, {
    ...facts,
    ...circumstances,
    destinations: inspected,
    dependents: found,
  });
}
