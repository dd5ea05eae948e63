import type { Disk } from '../../fleet/disk.ts';
import type { Guest } from '../../fleet/guest.ts';
import { type ImageCheck, imagePath } from '../../fleet/image.ts';
import { type Problem, problem } from '../../problem.ts';
import { keepsBitmaps } from '../bitmaps.ts';
import { qemuImgCommand } from '../command.ts';
import type { IntentKind, StepKind } from '../kind.ts';
import type { PlanOf } from '../plan.ts';
import { nameIn } from '../plan.ts';
import { unsureWarnings } from '../shared-refusals.ts';
import type { AnyStep } from '../step.ts';
import { type FixFacts, fixPlan } from './fix-plan.ts';
import { type OfflineFacts, offlineRefusals } from './offline-refusals.ts';

/** Free the leaked clusters of an image, while the guest is shut off. */
export interface RepairLeaksIntent {
  readonly kind: 'repair-leaks';
  readonly target: string;
  /** Key of the image. */
  readonly image: string;
}

export const repairLeaksIntentKind: IntentKind<RepairLeaksIntent> = {
  text: (plan, { image }) => ({ image: nameIn(plan, image) }),
};

/** Frees the leaked clusters of an image. */
export interface RepairLeaksStep extends AnyStep {
  readonly kind: 'repair-leaks';
  readonly target: string;
  /** Path of the image. */
  readonly image: string;
}

export const repairLeaksStepKind: StepKind<RepairLeaksStep> = {
  work: 'final',
  bitmaps: keepsBitmaps,
  command: (_, { image }) => [qemuImgCommand('check', '-r', 'leaks', '-f', 'qcow2', image)],
  text: (plan, { image }) => ({ image: nameIn(plan, image) }),
  rewrites: ({ image }) => [image],
};

export interface RepairLeaksFacts extends FixFacts, OfflineFacts {
  /** What a check of the image says now; `null` if it could not be checked. */
  readonly check: Pick<ImageCheck, 'leaks' | 'errors'> | null;
}

/** The plan that frees clusters that nothing refers to. What the guest reads stays the same. */
export function planRepairLeaks(
  guest: Guest,
  disk: Disk,
  intent: RepairLeaksIntent,
  facts: RepairLeaksFacts,
): PlanOf<RepairLeaksIntent, RepairLeaksStep> {
  const image = disk.chain?.images.find(({ key }) => key === intent.image);
  const path = (image && imagePath(image)) ?? '';
  const offline = offlineRefusals(guest, image, facts);
  return fixPlan(guest, disk, facts, {
    intent,
    dependsOn: facts.check,
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
