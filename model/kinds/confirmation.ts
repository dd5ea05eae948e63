import type { ProblemCode } from '../problem-code.ts';
import type { Plan } from './plan.ts';

/** Warnings of a loss that nobody may overlook. */
const LOSSES: ReadonlySet<ProblemCode> = new Set([
  'CHECKPOINTS_BROKEN',
  'CHECKPOINTS_LOST',
  'CHECKPOINTS_MAY_BE_LOST',
  'CHECKPOINTS_UNSURE',
]);

/** What has to be typed before the plan may start, the guest's name; `null` if nothing is lost. */
export function confirmationOf({ guestName, warnings }: Plan): string | null {
  return guestName !== null && warnings.some(({ code }) => LOSSES.has(code)) ? guestName : null;
}

/** Whether this is what has to be typed. */
export function isConfirmed(plan: Plan, typed: string): boolean {
  const word = confirmationOf(plan);
  return word === null || typed.trim() === word.trim();
}
