import { stepKindOf } from '../../model/kinds/kinds.ts';
import type { Operation } from '../../model/operation/operation.ts';
import { stepAtHand } from '../../model/operation/step-at-hand.ts';
import type { DataMove } from '../../model/plans/kind.ts';

/** How the running step, or the next one, moves data of a disk; `null` if it moves none. */
export function workOn(operation: Operation, target: string): DataMove | null {
  const step = operation.plan.steps[stepAtHand(operation)];
  if (step === undefined || !('target' in step) || step.target !== target) return null;
  return stepKindOf(step).move?.(step) ?? null;
}
