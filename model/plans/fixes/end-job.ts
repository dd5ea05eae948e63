import type { BlockJob } from '../../fleet/block-job.ts';
import { type Chain, keys, positionOf } from '../../fleet/chain.ts';
import type { Disk } from '../../fleet/disk.ts';
import type { Guest } from '../../fleet/guest.ts';
import { type Image, imageName } from '../../fleet/image.ts';
import { type Problem, problem } from '../../problem.ts';
import { commitsBitmaps, copiesBitmaps } from '../bitmaps.ts';
import { virshCommand } from '../command.ts';
import { chainDepthAfter, type IntentKind, type StepKind } from '../kind.ts';
import type { PlanOf } from '../plan.ts';
import { guestOf, nameIn } from '../plan.ts';
import type { ChainStep } from '../step.ts';
import { type FixFacts, fixPlan } from './fix-plan.ts';

/** End a block job that no operation has. */
export interface EndJobIntent {
  readonly kind: 'end-job';
  readonly target: string;
  /** `pivot` switches the guest to the job's target, `abort` leaves it on its present images. */
  readonly how: 'pivot' | 'abort';
}

export const endJobIntentKind: IntentKind<EndJobIntent> = {
  text: (_, { how }) => ({ how }),
};

/** Ends a block job that no operation has; `after` is the chain that its end leaves. */
export interface EndJobStep extends ChainStep {
  readonly kind: 'end-job';
  readonly how: 'pivot' | 'abort';
  readonly job: BlockJob['kind'];
}

export const endJobStepKind: StepKind<EndJobStep> = {
  work: 'final',
  command: (plan, step) => [
    virshCommand(plan, step, ['blockjob', guestOf(plan).name, step.target, `--${step.how}`]),
  ],
  text: (plan, { how, target, after }) => ({ how, target, image: nameIn(plan, after[0] ?? '') }),
  bitmaps(plan, { how, job, before, after, target }, of) {
    if (how === 'abort' || of !== target) return 'kept';
    const [into = ''] = after;
    if (job === 'copy') return copiesBitmaps(plan, into);
    return commitsBitmaps(plan, { moved: before.filter((key) => !after.includes(key)), into }, true);
  },
  pivots: ({ how }) => how === 'pivot',
  depthAfter: chainDepthAfter,
};

export interface EndJobFacts extends FixFacts {
  /** The chain of the job's target, from the top down, if libvirt reports it: for a copy or an active commit. */
  readonly mirror: readonly Image[];
}

/** The plan that ends a block job that no operation has. */
export function planEndJob(
  guest: Guest,
  disk: Disk,
  intent: EndJobIntent,
  facts: EndJobFacts,
): PlanOf<EndJobIntent, EndJobStep> {
  const { job } = disk;
  const { how, target } = intent;
  const now = disk.chain ?? { images: [] };
  const [mirror] = facts.mirror;
  const after = how === 'pivot' ? pivoted(now, facts.mirror) : now;
  return fixPlan(guest, disk, facts, {
    intent,
    after,
    dependsOn: [job?.kind, job?.ready, mirror?.key],
    steps: [
      {
        kind: 'end-job',
        hostId: guest.hostId,
        target,
        how,
        job: job?.kind ?? 'unknown',
        before: keys(now),
        after: keys(after),
      },
    ],
    refusals: refusals(disk, intent, mirror),
    warnings:
      how === 'abort' && job?.kind === 'copy' && mirror !== undefined
        ? [problem('JOB_TARGET_STAYS', { image: mirror.key })]
        : [],
  });
}

function pivoted(now: Chain, mirror: readonly Image[]): Chain {
  const at = mirror[0] === undefined ? -1 : positionOf(now, mirror[0].key);
  return { images: at === -1 ? mirror : now.images.slice(at) };
}

function refusals(
  { target, job }: Disk,
  { how }: EndJobIntent,
  mirror: Image | undefined,
): readonly Problem[] {
  if (job === null) return [problem('NO_JOB', { target })];
  if (how === 'abort') return [];
  if (job.kind !== 'copy' && job.kind !== 'active-commit') return [problem('JOB_HAS_NO_PIVOT', { target })];
  if (!job.ready) return [problem('JOB_NOT_READY', { target })];
  if (mirror === undefined) return [problem('JOB_TARGET_UNKNOWN', { target })];
  return mirror.missing ? [problem('IMAGE_MISSING', { image: imageName(mirror) })] : [];
}
