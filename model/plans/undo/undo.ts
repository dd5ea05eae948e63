import type { Chain } from '../../fleet/chain.ts';
import type { Disk } from '../../fleet/disk.ts';
import type { Guest } from '../../fleet/guest.ts';
import { imageName, imagePath } from '../../fleet/image.ts';
import { type Problem, problem } from '../../problem.ts';
import { depthRefusals } from '../depth-refusals.ts';
import { type FixFacts, fixPlan } from '../fixes/fix-plan.ts';
import type { ActionKind } from '../kind.ts';
import { nameIn, type PlanFacts, type PlanOf } from '../plan.ts';
import { unsureWarnings } from '../shared-refusals.ts';
import type { PastFlatten } from './past-flatten.ts';
import { type RelinkFacts, relinkRefusals } from './relink-refusals.ts';
import { broughtBack, type RelinkStep } from './relink-step.ts';

/** Bring back the chain that a disk had before a flatten, under all that was written since. */
export interface UndoIntent {
  readonly kind: 'undo';
  readonly target: string;
  /** Id of the operation. */
  readonly of: string;
}

export const undoIntentKind: ActionKind<UndoIntent> = {
  needs: ['chain'],
  text: (plan) => ({ image: nameIn(plan, plan.disks[0]?.now.images[0]?.key ?? '') }),
};

export interface UndoFacts extends FixFacts, RelinkFacts, Pick<PlanFacts, 'capabilities'> {
  /** `null` if the journal has no such flatten of the disk. */
  readonly past: PastFlatten | null;
  /** Whether the guest's definition names the disk's chain. */
  readonly recorded: boolean;
}

/**
 * The plan that has the active image name its old backing image again, while the guest is off. The active image holds all that a
 * pull copied into it, and hides the old images there, so the guest reads the same before and after.
 */
export function planUndo(
  guest: Guest,
  disk: Disk,
  intent: UndoIntent,
  facts: UndoFacts,
): PlanOf<UndoIntent, RelinkStep> {
  const { past, old, recorded } = facts;
  const step = past === null ? null : relinkStep(guest, disk, past, recorded);
  const now = disk.chain ?? { images: [] };
  const after = step === null || old === null ? now : { images: [...now.images.slice(0, 1), ...old.images] };
  return fixPlan(guest, disk, facts, {
    intent,
    after,
    dependsOn: [past, recorded],
    steps: step === null ? [] : [step],
    refusals:
      step === null
        ? [problem('UNDO_UNKNOWN_FLATTEN', { target: disk.target })]
        : [
            ...relinkRefusals(guest, disk, step, facts),
            ...depthRefusals(disk.target, after, facts.capabilities),
          ],
    warnings: [
      ...(step === null || old === null ? [] : keeps(now, step, facts)),
      ...(past === null || past.forgotten.length === 0
        ? []
        : [problem('UNDO_FORGOTTEN', { names: past.forgotten.join(', '), count: past.forgotten.length })]),
      // What is unsure of the images that come back is so of the active one too.
      ...unsureWarnings(old === null ? facts.dependents : facts.others),
    ],
  });
}

/** `null` if an image has no path, or a format that a header can't name here. */
export function relinkStep(
  guest: Guest,
  { target, chain }: Disk,
  past: PastFlatten,
  recorded: boolean,
): RelinkStep | null {
  const { before: then, after: before, format, since } = past;
  const [, name = ''] = then;
  const active = chain?.images[0];
  const image = active === undefined ? null : imagePath(active);
  if (image === null || !name.startsWith('/') || (format !== 'qcow2' && format !== 'raw')) return null;
  return {
    kind: 'relink',
    hostId: guest.hostId,
    target,
    image,
    backing: { name, format },
    before,
    after: then,
    recorded,
    since,
  };
}

/** The price: nothing is copied, and nothing becomes free. */
function keeps(now: Chain, step: RelinkStep, { old }: UndoFacts): readonly Problem[] {
  const [active] = now.images;
  if (active === undefined) return [];
  const back = (old?.images ?? []).slice(0, broughtBack(step).length);
  const sizes = back.map(({ allocated }) => allocated);
  const known = sizes.filter((size) => size !== null);
  return [
    problem('UNDO_KEEPS', {
      image: imageName(active),
      written: active.allocated ?? 'unknown',
      count: back.length,
      held: known.length < sizes.length ? 'unknown' : known.reduce((sum, size) => sum + size, 0),
    }),
  ];
}
