import { NO_DEPENDENTS } from '../../../model/fleet/dependents.ts';
import type { Disk, DiskRef } from '../../../model/fleet/disk.ts';
import { type Guest, isActive } from '../../../model/fleet/guest.ts';
import { type Image, imagePath } from '../../../model/fleet/image.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import { type EndJobIntent, planEndJob } from '../../../model/plans/fixes/end-job.ts';
import type { FixFacts } from '../../../model/plans/fixes/fix-plan.ts';
import type { OfflineFacts } from '../../../model/plans/fixes/offline-refusals.ts';
import { planRedefine, type RedefineIntent } from '../../../model/plans/fixes/redefine.ts';
import { planRepairLeaks, type RepairLeaksIntent } from '../../../model/plans/fixes/repair-leaks.ts';
import { planRewriteHeader, type RewriteHeaderIntent } from '../../../model/plans/fixes/rewrite-header.ts';
import type { Ports } from '../../ports/ports.ts';

export type FixIntent = EndJobIntent | RedefineIntent | RewriteHeaderIntent | RepairLeaksIntent;

type FixPorts = Pick<Ports, 'definitions' | 'dependents' | 'headers' | 'snapshots'>;

/** Plans what cures a finding of the doctor, from what the host has at this moment. */
export async function fixPlanOf(
  ports: FixPorts,
  guest: Guest,
  disk: Disk,
  intent: FixIntent,
  facts: FixFacts,
): Promise<Plan> {
  const { definitions, headers, snapshots } = ports;
  const ref: DiskRef = { hostId: guest.hostId, uuid: guest.uuid, target: disk.target };
  switch (intent.kind) {
    case 'end-job': {
      const mirror = isActive(guest) ? await definitions.mirrorOf(ref) : [];
      return planEndJob(guest, disk, intent, { ...facts, mirror });
    }
    case 'redefine': {
      const [named, { persistent }] = await Promise.all([
        definitions.look(ref),
        snapshots.circumstances(ref),
      ]);
      return planRedefine(guest, disk, intent, { ...facts, ...named, persistent });
    }
    case 'rewrite-header': {
      const image = imageIn(disk, intent.image);
      const path = image && imagePath(image);
      const [offline, { savedState }] = await Promise.all([
        offlineFacts(ports, ref, image),
        snapshots.circumstances(ref),
      ]);
      const header = offline.local && path ? await headers.look(path, intent.backing) : null;
      return planRewriteHeader(guest, disk, intent, { ...facts, ...offline, savedState, header });
    }
    case 'repair-leaks': {
      const image = imageIn(disk, intent.image);
      const path = image && imagePath(image);
      const offline = await offlineFacts(ports, ref, image);
      const check = offline.local && path && image.format === 'qcow2' ? await headers.check(path) : null;
      return planRepairLeaks(guest, disk, intent, { ...facts, ...offline, check });
    }
  }
}

async function offlineFacts(
  { headers, dependents }: FixPorts,
  ref: DiskRef,
  image: Image | null,
): Promise<OfflineFacts> {
  const local = headers.isLocal(ref);
  const asks = local && image !== null;
  return { local, dependents: asks ? await dependents.of(ref, [image]) : NO_DEPENDENTS };
}

function imageIn({ chain }: Disk, key: string): Image | null {
  return chain?.images.find((image) => image.key === key) ?? null;
}
