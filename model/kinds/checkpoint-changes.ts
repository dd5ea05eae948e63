import type { Chain } from '../fleet/chain.ts';
import { lacksBitmaps } from '../fleet/checkpoint.ts';
import { diskOf, type Guest, isActive } from '../fleet/guest.ts';
import {
  CHECKPOINT_OUTCOMES,
  type CheckpointChange,
  type CheckpointOutcome,
} from '../plans/checkpoint-change.ts';
import { type Problem, problem } from '../problem.ts';
import { type Step, stepKindOf } from './kinds.ts';
import type { Plan } from './plan.ts';
import { receiverOf } from './step-work.ts';

/** The codes of the warnings, each of which has to be confirmed. */
const LOSSES = {
  unsure: 'CHECKPOINTS_UNSURE',
  lost: 'CHECKPOINTS_LOST',
  broken: 'CHECKPOINTS_BROKEN',
} as const;

/**
 * The plan with what becomes of each of the guest's checkpoints. libvirt refuses no step that loses one, so a loss is a warning, and
 * the plan must not start when it would lose another one too.
 */
export function withCheckpoints(plan: Plan, guest: Guest): Plan {
  const checkpoints = changesOf(plan, guest);
  const losses = checkpoints === null ? mayBeLost(plan, guest) : lossesOf(checkpoints, guest);
  const { fingerprint, warnings } = plan;
  if (losses.length === 0) return { ...plan, checkpoints };
  return {
    ...plan,
    checkpoints,
    fingerprint: JSON.stringify([fingerprint, losses]),
    warnings: [...warnings, ...losses],
  };
}

/** `null` if the checkpoints could not be read. */
function changesOf(plan: Plan, guest: Guest): readonly CheckpointChange[] | null {
  const { known } = guest.checkpoints;
  if (known === null) return null;
  return known.flatMap(({ name, disks }) =>
    disks.map((target) => ({ name, target, outcome: outcomeOf(plan, guest, target) })),
  );
}

function lossesOf(changes: readonly CheckpointChange[], guest: Guest): readonly Problem[] {
  return Object.entries(LOSSES).flatMap(([outcome, code]) => {
    const lost = changes.filter((change) => change.outcome === outcome).map(({ name }) => name);
    const names = [...new Set(lost)];
    if (names.length === 0) return [];
    return [problem(code, { guest: guest.name, names: names.join(', '), count: names.length })];
  });
}

/** Where nobody knows the checkpoints. */
function mayBeLost(plan: Plan, { disks, name }: Guest): readonly Problem[] {
  const loses = disks.some(({ target }) => outcomeOn(plan, target) in LOSSES);
  return loses ? [problem('CHECKPOINTS_MAY_BE_LOST', { guest: name })] : [];
}

function outcomeOf(plan: Plan, guest: Guest, target: string): CheckpointChange['outcome'] {
  const disk = diskOf(guest, target);
  if (disk === null || lacksBitmaps(disk, isActive(guest))) return 'gone';
  return outcomeOn(plan, target);
}

function outcomeOn(plan: Plan, target: string): CheckpointOutcome {
  const outcomes = plan.steps.map((step, i) =>
    stepKindOf(step).bitmaps(withBitmapsIn(plan, plan.steps.slice(0, i)), step, target),
  );
  return CHECKPOINT_OUTCOMES.findLast((outcome) => outcomes.includes(outcome)) ?? 'kept';
}

/** The plan as it is after these steps: the images that they merge into have bitmaps. */
function withBitmapsIn(plan: Plan, steps: readonly Step[]): Plan {
  const written = new Set(steps.flatMap((step) => receiverOf(step) ?? []));
  if (written.size === 0) return plan;
  const marked = ({ images }: Chain): Chain => ({
    images: images.map((image) =>
      written.has(image.key) ? { ...image, traits: { ...image.traits, bitmaps: true } } : image,
    ),
  });
  const disks = plan.disks.map((disk) => ({ ...disk, now: marked(disk.now), after: marked(disk.after) }));
  return { ...plan, disks };
}
