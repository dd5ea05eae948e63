import type { Disk, DiskRef } from '../../../../model/fleet/disk.ts';
import type { Guest } from '../../../../model/fleet/guest.ts';
import { imagePath } from '../../../../model/fleet/image.ts';
import type { Plan } from '../../../../model/kinds/plan.ts';
import type { FixFacts } from '../../../../model/plans/fixes/fix-plan.ts';
import { planRepairLeaks, type RepairLeaksIntent } from '../../../../model/plans/fixes/repair-leaks.ts';
import type { Ports } from '../../../ports/ports.ts';
import { imageIn, offlineFacts } from './offline-facts.ts';

/** Plans to give back the leaked clusters of an image. */
export async function repairLeaksPlan(
  ports: Pick<Ports, 'dependents' | 'headers'>,
  guest: Guest,
  disk: Disk,
  intent: RepairLeaksIntent,
  facts: FixFacts,
): Promise<Plan> {
  const ref: DiskRef = { hostId: guest.hostId, uuid: guest.uuid, target: disk.target };
  const image = imageIn(disk, intent.image);
  const path = image && imagePath(image);
  const offline = await offlineFacts(ports, ref, image);
  const check = offline.local && path && image.format === 'qcow2' ? await ports.headers.check(path) : null;
  return planRepairLeaks(guest, disk, intent, { ...facts, ...offline, check });
}
