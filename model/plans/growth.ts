import { together } from '../cost/prediction.ts';
import { type ImageCost, type Plan, stepCost } from './plan.ts';
import { receiverOf } from './step.ts';

/** What each image that a plan writes grows by, by image key: that of all steps which write it. */
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
