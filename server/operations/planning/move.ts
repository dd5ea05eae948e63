import type { Disk } from '../../../model/fleet/disk.ts';
import type { Guest } from '../../../model/fleet/guest.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import { type MoveIntent, planMove } from '../../../model/plans/move.ts';
import type { Ports } from '../../ports/ports.ts';
import type { CommonFacts } from './common-facts.ts';

/** Plans a move from what the host has now. */
export async function movePlan(
  { allocationMaps, snapshots, destinations }: Pick<Ports, 'allocationMaps' | 'snapshots' | 'destinations'>,
  guest: Guest,
  disk: Disk,
  intent: MoveIntent,
  facts: CommonFacts,
): Promise<Plan> {
  const { hostId, uuid } = guest;
  const ref = { hostId, uuid };
  const [destination, maps, layouts, { persistent }] = await Promise.all([
    destinations.inspect(hostId, intent.file),
    allocationMaps.mapsOf(ref, disk.chain?.images ?? []),
    allocationMaps.layoutsOf(ref, disk.chain?.images.slice(0, 1) ?? []),
    snapshots.circumstances(ref),
  ]);
  return planMove(ref, disk, intent, {
    ...facts,
    destination,
    maps,
    layouts,
    persistent,
    disks: guest.disks,
  });
}
