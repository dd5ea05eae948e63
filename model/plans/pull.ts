import type { Capabilities } from '../fleet/capabilities.ts';
import { pullsBitmaps } from './bitmaps.ts';
import { type Command, imageArgument, limitArguments, virshCommand, WAIT } from './command.ts';
import { chainDepthAfter, type DataMove, type StepKind } from './kind.ts';
import type { PlanOf } from './plan.ts';
import { guestOf, imageOf, nameIn } from './plan.ts';
import type { ChainStep } from './step.ts';

/** Merges the images between the active image and the base into the active one. */
export interface PullStep extends ChainStep {
  readonly kind: 'pull';
  /** Left out in older journals, which have `resize`. */
  readonly flush?: FlushKind;
  /** Key of the image that stays below; `null` merges the whole chain. */
  readonly base: string | null;
}

/** The same for a guest that is shut off: it is started paused, pulled, and destroyed; it never runs an instruction. */
export interface ShutOffPullStep extends ChainStep {
  readonly kind: 'shut-off-pull';
  readonly flush?: FlushKind;
  readonly base: string | null;
}

/**
 * How QEMU is made to write everything to the disk after a pull: not at all where it does so by itself, else by a resize to the size
 * that the disk has. `extend` is one that libvirt refuses if the size was wrong and the disk would shrink.
 */
export type FlushKind = 'none' | 'resize' | 'extend';

export function flushKindOf({ pullIsDurable, resizeOnlyExtends }: Capabilities): FlushKind {
  if (pullIsDurable) return 'none';
  return resizeOnlyExtends ? 'extend' : 'resize';
}

type AnyPullStep = PullStep | ShutOffPullStep;

function moveOf({ base, before, after }: AnyPullStep): DataMove {
  const end = base === null ? before.length : before.indexOf(base);
  const involved = before.slice(0, end + 1);
  return { job: 'pull', involved, moved: before.slice(1, end), direction: 'up', into: after[0] ?? null };
}

const COMMON = {
  work: 'block-job',
  text: (plan: PlanOf, { before, after }: AnyPullStep) => ({
    count: before.length - after.length,
    image: nameIn(plan, after[0] ?? ''),
  }),
  bitmaps: (plan: PlanOf, step: AnyPullStep, target: string) =>
    step.target === target ? pullsBitmaps(plan, moveOf(step)) : 'kept',
  move: moveOf,
  depthAfter: chainDepthAfter,
} as const;

export const pullStepKind: StepKind<PullStep> = {
  ...COMMON,
  command: (plan, step, bandwidth) => [pullCommand(plan, step, bandwidth), ...flushLines(plan, step)],
};

export const shutOffPullStepKind: StepKind<ShutOffPullStep> = {
  ...COMMON,
  command: (plan, step, bandwidth) => [
    virshCommand(plan, step, ['start', guestOf(plan).name, '--paused']),
    pullCommand(plan, step, bandwidth),
    ...flushLines(plan, step),
    virshCommand(plan, step, ['destroy', guestOf(plan).name]),
  ],
};

function pullCommand(plan: PlanOf, step: AnyPullStep, bandwidth: number): string {
  const { target, base } = step;
  return virshCommand(plan, step, [
    'blockpull',
    guestOf(plan).name,
    target,
    ...(base === null ? [] : ['--base', imageArgument(plan, target, base)]),
    ...limitArguments(bandwidth),
    ...WAIT,
  ]);
}

/**
 * Makes QEMU flush what a pull wrote, which libvirt does not do by itself. `null` if nothing need be flushed, or if the size is not
 * known to the byte.
 */
export function flushCommand(plan: PlanOf, step: AnyPullStep): string | null {
  const { flush = 'resize' } = step;
  if (flush === 'none') return null;
  const [active] = step.before;
  const size = active === undefined ? null : (imageOf(plan, active)?.virtualSize ?? null);
  if (size === null) return null;
  const guard = flush === 'extend' ? ['--extend'] : [];
  return virshCommand(plan, step, ['blockresize', guestOf(plan).name, step.target, `${size}B`, ...guard]);
}

function flushLines(plan: PlanOf, step: AnyPullStep): Command {
  const flush = flushCommand(plan, step);
  return flush === null ? [] : [{ note: 'flush', params: {} }, flush];
}
