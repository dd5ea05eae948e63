import type { Destination } from '../../../model/fleet/destination.ts';
import type { Guest } from '../../../model/fleet/guest.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import type { PlanFacts } from '../../../model/plans/plan.ts';
import { overlaysOf, planSnapshot, type SnapshotIntent } from '../../../model/plans/snapshot.ts';
import type { Ports } from '../../ports/ports.ts';

/** Plans a snapshot from what the host has now. */
export async function snapshotPlan(
  { snapshots, destinations }: Pick<Ports, 'snapshots' | 'destinations'>,
  guest: Guest,
  intent: SnapshotIntent,
  facts: Pick<PlanFacts, 'uri' | 'users' | 'capabilities'>,
): Promise<Plan> {
  const files = [...overlaysOf(guest, intent).values()];
  const [circumstances, inspected] = await Promise.all([
    snapshots.circumstances(guest),
    destinationsOf({ destinations }, guest.hostId, files),
  ]);
  return planSnapshot(guest, intent, { ...facts, ...circumstances, destinations: inspected });
}

/** What is at each of these paths of a host. */
export async function destinationsOf(
  { destinations }: Pick<Ports, 'destinations'>,
  hostId: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, Destination>> {
  const inspected = paths.map(async (path) => [path, await destinations.inspect(hostId, path)] as const);
  return new Map(await Promise.all(inspected));
}
