import type { Disk } from '../../fleet/disk.ts';
import type { Guest } from '../../fleet/guest.ts';
import type { ImageCheck } from '../../fleet/image.ts';
import { imagePath } from '../../fleet/image.ts';
import { type Problem, problem } from '../../problem.ts';
import type { RepairLeaksIntent } from '../intent.ts';
import type { Plan } from '../plan.ts';
import { unsureWarnings } from '../shared-refusals.ts';
import { type FixFacts, fixPlan } from './fix-plan.ts';
import { type OfflineFacts, offlineRefusals } from './offline-refusals.ts';

export interface RepairLeaksFacts extends FixFacts, OfflineFacts {
  /** What a check of the image says now; `null` where it could not be checked. */
  readonly check: Pick<ImageCheck, 'leaks' | 'errors'> | null;
}

/** The plan that gives back clusters which nothing refers to. It changes nothing that a guest reads. */
export function planRepairLeaks(
  guest: Guest,
  disk: Disk,
  intent: RepairLeaksIntent,
  facts: RepairLeaksFacts,
): Plan {
  const image = disk.chain?.images.find(({ key }) => key === intent.image);
  const path = (image && imagePath(image)) ?? '';
  const offline = offlineRefusals(guest, image, facts);
  return fixPlan(guest, disk, facts, {
    intent,
    restsOn: facts.check,
    steps: [{ kind: 'repair-leaks', hostId: guest.hostId, target: disk.target, image: path }],
    refusals: offline.length > 0 ? offline : checked(intent, facts),
    warnings: unsureWarnings(facts.dependents),
  });
}

function checked({ image }: RepairLeaksIntent, { check }: RepairLeaksFacts): readonly Problem[] {
  if (check === null) return [problem('IMAGE_NOT_CHECKED', { image })];
  if (check.errors > 0) return [problem('IMAGE_HAS_ERRORS', { image, count: check.errors })];
  return check.leaks === 0 ? [problem('NO_LEAKS', { image })] : [];
}
