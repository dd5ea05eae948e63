import type { Command } from '../plans/command.ts';
import { type Step, stepKindOf } from './kinds.ts';
import type { Plan } from './plan.ts';

/**
 * The commands that have the same effect as each step. None for a plan that is refused: libvirt would do what the
 * refusal warns of.
 *
 * @param bandwidth bytes per second, 0 for no limit
 */
export function commandsOf(plan: Plan, bandwidth: number): readonly Command[] {
  return plan.refusals.length > 0 ? [] : plan.steps.map((step) => commandOf(plan, step, bandwidth));
}

/** @param bandwidth bytes per second, 0 for no limit */
export function commandOf(plan: Plan, step: Step, bandwidth: number): Command {
  return stepKindOf(step).command(plan, step, bandwidth);
}
