import type { Disk } from '../../../model/fleet/disk.ts';
import type { Guest } from '../../../model/fleet/guest.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import { type MoveIntent, planMove } from '../../../model/plans/move.ts';
import type { Ports } from '../../ports/ports.ts';
import type { CommonFacts } from './common-facts.ts';

/** Plans a move from what the host has at this moment. */
export async function movePlan(
  { disks, snapshots, destinations }: Pick<Ports, 'disks' | 'snapshots' | 'destinations'>,
  guest: Guest,
  disk: Disk,
  intent: MoveIntent,
  facts: CommonFacts,
): Promise<Plan> {
  const { hostId, uuid } = guest;
  const ref = { hostId, uuid };
  const [destination, maps, layouts, { persistent }] = await Promise.all([
    destinations.look(hostId, intent.file),
    disks.mapsOf(ref, disk.chain?.images ?? []),
    disks.layoutsOf(ref, disk.chain?.images.slice(0, 1) ?? []),
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
