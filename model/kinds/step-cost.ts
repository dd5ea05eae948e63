import { together } from '../cost/prediction.ts';
import type { ImageCost } from '../plans/plan.ts';
import type { Plan } from './plan.ts';
import { isBlockJob, receiverOf } from './step-work.ts';

/** What a step of the plan costs; `null` for a step that copies nothing. If only one step copies, its cost is the plan's. */
export function stepCost({ cost, steps }: Plan, at: number): ImageCost | null {
  if (cost.steps !== undefined) return cost.steps[at] ?? null;
  const step = steps[at];
  return step === undefined || !isBlockJob(step) ? null : cost;
}

/** What each image that a plan writes grows by in all steps together, by image key. */
export function growths(plan: Plan): ReadonlyMap<string, ImageCost> {
  const found = new Map<string, ImageCost>();
  for (const [i, step] of plan.steps.entries()) {
    const key = receiverOf(step);
    const cost = stepCost(plan, i);
    if (key === null || cost === null) continue;
    const before = found.get(key);
    found.set(key, before === undefined ? cost : both(before, cost));
  }
  return found;
}

function both(a: ImageCost, b: ImageCost): ImageCost {
  return {
    ...a,
    atMost: a.atMost === null || b.atMost === null ? null : a.atMost + b.atMost,
    predicted: together([a.predicted ?? null, b.predicted ?? null]),
  };
}
