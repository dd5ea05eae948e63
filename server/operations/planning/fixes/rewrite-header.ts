import type { Disk, DiskRef } from '../../../../model/fleet/disk.ts';
import type { Guest } from '../../../../model/fleet/guest.ts';
import { imagePath } from '../../../../model/fleet/image.ts';
import type { Plan } from '../../../../model/kinds/plan.ts';
import type { FixFacts } from '../../../../model/plans/fixes/fix-plan.ts';
import { planRewriteHeader, type RewriteHeaderIntent } from '../../../../model/plans/fixes/rewrite-header.ts';
import type { Ports } from '../../../ports/ports.ts';
import { imageIn, offlineFacts } from './offline-facts.ts';

/** Plans to write the name of a backing image into a header. */
export async function rewriteHeaderPlan(
  ports: Pick<Ports, 'dependents' | 'headers' | 'snapshots'>,
  guest: Guest,
  disk: Disk,
  intent: RewriteHeaderIntent,
  facts: FixFacts,
): Promise<Plan> {
  const { headers, snapshots } = ports;
  const ref: DiskRef = { hostId: guest.hostId, uuid: guest.uuid, target: disk.target };
  const image = imageIn(disk, intent.image);
  const path = image && imagePath(image);
  const [offline, { savedState }] = await Promise.all([
    offlineFacts(ports, ref, image),
    snapshots.circumstances(ref),
  ]);
  const header = offline.local && path ? await headers.inspect(path, intent.backing) : null;
  return planRewriteHeader(guest, disk, intent, { ...facts, ...offline, savedState, header });
}
