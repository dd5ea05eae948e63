import { commitsBitmaps } from './bitmaps.ts';
import { imageArgument, limitArguments, virshCommand, WAIT } from './command.ts';
import { chainDepthAfter, type DataMove, type StepKind } from './kind.ts';
import type { PlanOf } from './plan.ts';
import { guestOf, nameIn } from './plan.ts';
import type { AnyStep, ChainStep } from './step.ts';

/** Merges the images from `top` down to just above `base` into `base`; `top` is not the active image. */
export interface CommitStep extends ChainStep {
  readonly kind: 'commit';
  readonly top: string;
  readonly base: string;
}

/** Merges everything above `base`, the active image included, into `base`, and pivots the guest to it. */
export interface ActiveCommitStep extends ChainStep {
  readonly kind: 'active-commit';
  readonly base: string;
}

type AnyCommitStep = CommitStep | ActiveCommitStep;

/** Whether it writes into an image below the active one. */
export function isCommit(step: AnyStep): step is AnyCommitStep {
  return step.kind === 'commit' || step.kind === 'active-commit';
}

function committed(step: AnyCommitStep): DataMove {
  const { kind, before, base } = step;
  const [first, last] = [step.kind === 'commit' ? before.indexOf(step.top) : 0, before.indexOf(base)];
  const [involved, moved] = [before.slice(first, last + 1), before.slice(first, last)];
  return { job: kind, involved, moved, direction: 'down', into: base };
}

const COMMON = {
  work: 'block-job',
  text: (plan: PlanOf, { before, after, base }: AnyCommitStep) => ({
    count: before.length - after.length,
    image: nameIn(plan, base),
  }),
  bitmaps: (plan: PlanOf, step: AnyCommitStep, target: string) =>
    step.target === target ? commitsBitmaps(plan, committed(step), step.kind === 'active-commit') : 'kept',
  move: committed,
  depthAfter: chainDepthAfter,
} as const;

export const commitStepKind: StepKind<CommitStep> = {
  ...COMMON,
  command: (plan, step, bandwidth) => [
    commitCommand(plan, step, ['--top', imageArgument(plan, step.target, step.top)], bandwidth),
  ],
};

export const activeCommitStepKind: StepKind<ActiveCommitStep> = {
  ...COMMON,
  command: (plan, step, bandwidth) => [commitCommand(plan, step, ['--active', '--pivot'], bandwidth)],
};

function commitCommand(plan: PlanOf, step: AnyCommitStep, top: readonly string[], bandwidth: number): string {
  const { target, base } = step;
  return virshCommand(plan, step, [
    'blockcommit',
    guestOf(plan).name,
    target,
    '--base',
    imageArgument(plan, target, base),
    ...top,
    ...limitArguments(bandwidth),
    ...WAIT,
  ]);
}
