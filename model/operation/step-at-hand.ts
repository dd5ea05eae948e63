import { stepCost } from '../kinds/step-cost.ts';
import type { Operation, Progress } from './operation.ts';

/** Position of the step that runs or runs next; the number of steps once all are over. */
export function stepAtHand({ steps }: Operation): number {
  const at = steps.findIndex(({ state }) => state === 'running' || state === 'waiting');
  return at === -1 ? steps.length : at;
}

/** Upper bound of what the step at hand copies, bytes; `null` if there is none. */
export function mostNow(operation: Operation): number | null {
  return stepCost(operation.plan, stepAtHand(operation))?.atMost ?? null;
}

/** The sample if it is of the step at hand: steps that move no data send none. */
export function ofStepAtHand(operation: Operation | null, progress: Progress | null): Progress | null {
  return operation !== null && progress?.step === stepAtHand(operation) ? progress : null;
}
