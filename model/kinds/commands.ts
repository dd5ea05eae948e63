import type { Command, CommandNote } from '../plans/command.ts';
import type { ProblemCode } from '../problem-code.ts';
import { type Step, stepKindOf } from './kinds.ts';
import type { Plan } from './plan.ts';

/**
 * The commands that have the same effect as each step. None for a plan that is refused: libvirt would do what the
 * refusal warns of.
 *
 * @param bandwidth bytes per second, 0 for no limit
 */
export function commandsOf(plan: Plan, bandwidth: number): readonly Command[] {
  if (plan.refusals.length > 0) return [];
  return [...lossOf(plan), ...plan.steps.map((step) => commandOf(plan, step, bandwidth))];
}

const LOSS_NOTES: Partial<Record<ProblemCode, CommandNote['note']>> = {
  CHECKPOINTS_BROKEN: 'checkpoints-broken',
  CHECKPOINTS_LOST: 'checkpoints-lost',
  CHECKPOINTS_MAY_BE_LOST: 'checkpoints-may-be-lost',
  CHECKPOINTS_UNSURE: 'checkpoints-may-be-lost',
};

/** What virsh does not say: that checkpoints are lost. */
function lossOf({ warnings }: Plan): readonly Command[] {
  return warnings.flatMap(({ code, params }): readonly Command[] => {
    const note = LOSS_NOTES[code];
    return note === undefined ? [] : [[{ note, params }]];
  });
}

/** @param bandwidth bytes per second, 0 for no limit */
export function commandOf(plan: Plan, step: Step, bandwidth: number): Command {
  return stepKindOf(step).command(plan, step, bandwidth);
}
