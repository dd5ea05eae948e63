import type { Disk } from '../../fleet/disk.ts';
import { type Guest, isActive } from '../../fleet/guest.ts';
import { type Problem, problem } from '../../problem.ts';
import { keepsBitmaps } from '../bitmaps.ts';
import { virshCommand } from '../command.ts';
import type { IntentKind, StepKind } from '../kind.ts';
import type { PlanOf } from '../plan.ts';
import { guestOf, nameIn } from '../plan.ts';
import { shellCommand } from '../shell.ts';
import type { AnyStep } from '../step.ts';
import { type FixFacts, fixPlan } from './fix-plan.ts';

/** Make the definition of a running guest name the active image that the guest has now. */
export interface RedefineIntent {
  readonly kind: 'redefine';
  readonly target: string;
}

export const redefineIntentKind: IntentKind<RedefineIntent> = {
  text: () => ({}),
};

/** Makes the persistent definition of a running guest name the active image of its disk. */
export interface RedefineStep extends AnyStep {
  readonly kind: 'redefine';
  readonly target: string;
  /** Keys of the images that the definition names before and after. For a volume, the key is not its path. */
  readonly from: string;
  readonly to: string;
}

export const redefineStepKind: StepKind<RedefineStep> = {
  work: 'call',
  bitmaps: keepsBitmaps,
  command(plan, step) {
    const { name } = guestOf(plan);
    const xml = `${name}.xml`;
    const dump = virshCommand(plan, step, ['dumpxml', '--inactive', '--security-info', name]);
    return [
      `${dump} > ${shellCommand([xml])}`,
      { note: 'edit-file', params: { target: step.target, file: step.to } },
      virshCommand(plan, step, ['define', xml]),
    ];
  },
  text: (plan, { to }) => ({ guest: plan.guestName ?? '', image: nameIn(plan, to) }),
};

export interface RedefineFacts extends FixFacts {
  /** What the definition names for the disk, and what the running guest has; `null` if there is none. */
  readonly defined: string | null;
  readonly live: string | null;
  readonly persistent: boolean;
}

/**
 * The plan that makes the definition of a running guest name its present image, for the next start. No image is
 * written.
 */
export function planRedefine(
  guest: Guest,
  disk: Disk,
  intent: RedefineIntent,
  facts: RedefineFacts,
): PlanOf<RedefineIntent, RedefineStep> {
  const { defined, live } = facts;
  const { target } = disk;
  return fixPlan(guest, disk, facts, {
    intent,
    dependsOn: [defined, live],
    steps: [{ kind: 'redefine', hostId: guest.hostId, target, from: defined ?? '', to: live ?? '' }],
    refusals: refusals(guest, disk, facts),
    // An operator may have defined it on purpose, for the next start.
    warnings: [problem('DEFINITION_MAY_BE_MEANT', { image: defined ?? '' })],
  });
}

function refusals(
  guest: Guest,
  disk: Disk,
  { defined, live, persistent }: RedefineFacts,
): readonly Problem[] {
  const { target } = disk;
  if (!isActive(guest)) return [problem('REDEFINE_NOT_RUNNING', { guest: guest.name })];
  if (!persistent) return [problem('REDEFINE_TRANSIENT', { guest: guest.name })];
  if (defined === null) return [problem('REDEFINE_NO_DISK', { target })];
  if (live === null) return [problem('DISK_EMPTY', { target })];
  if (defined === live) return [problem('DEFINITION_SAME', { target })];
  return disk.job === null ? [] : [problem('JOB_RUNNING', { target, job: disk.job.kind })];
}
