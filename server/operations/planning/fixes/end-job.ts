import type { Disk, DiskRef } from '../../../../model/fleet/disk.ts';
import { type Guest, isActive } from '../../../../model/fleet/guest.ts';
import type { Plan } from '../../../../model/kinds/plan.ts';
import { type EndJobIntent, planEndJob } from '../../../../model/plans/fixes/end-job.ts';
import type { FixFacts } from '../../../../model/plans/fixes/fix-plan.ts';
import type { Ports } from '../../../ports/ports.ts';

/** Plans the end of a block job that nobody here started. */
export async function endJobPlan(
  { definitions }: Pick<Ports, 'definitions'>,
  guest: Guest,
  disk: Disk,
  intent: EndJobIntent,
  facts: FixFacts,
): Promise<Plan> {
  const ref: DiskRef = { hostId: guest.hostId, uuid: guest.uuid, target: disk.target };
  const mirror = isActive(guest) ? await definitions.mirrorOf(ref) : [];
  return planEndJob(guest, disk, intent, { ...facts, mirror });
}
