import type { Disk, DiskRef } from '../../../../model/fleet/disk.ts';
import type { Guest } from '../../../../model/fleet/guest.ts';
import type { Plan } from '../../../../model/kinds/plan.ts';
import type { FixFacts } from '../../../../model/plans/fixes/fix-plan.ts';
import { planRedefine, type RedefineIntent } from '../../../../model/plans/fixes/redefine.ts';
import type { Ports } from '../../../ports/ports.ts';

/** Plans to make a definition name what the guest has. */
export async function redefinePlan(
  { definitions, snapshots }: Pick<Ports, 'definitions' | 'snapshots'>,
  guest: Guest,
  disk: Disk,
  intent: RedefineIntent,
  facts: FixFacts,
): Promise<Plan> {
  const ref: DiskRef = { hostId: guest.hostId, uuid: guest.uuid, target: disk.target };
  const [named, { persistent }] = await Promise.all([definitions.read(ref), snapshots.circumstances(ref)]);
  return planRedefine(guest, disk, intent, { ...facts, ...named, persistent });
}
