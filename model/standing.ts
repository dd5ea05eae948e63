import type { ImageCost, Plan } from './plan.ts';
import { type Basis, weaker } from './prediction.ts';

/** The plan with predictions that say how its host's images were looked into. */
export function standingOn(plan: Plan, basis: Basis): Plan {
  const told = <T extends ImageCost>({ predicted, ...cost }: T) => ({
    ...cost,
    ...(predicted === undefined
      ? {}
      : { predicted: predicted && { ...predicted, basis: weaker(predicted.basis, basis) } }),
  });
  const { images, steps, ...cost } = plan.cost;
  return {
    ...plan,
    cost: {
      ...told(cost),
      ...(images === undefined ? {} : { images: images.map(told) }),
      ...(steps === undefined ? {} : { steps: steps.map((one) => one && told(one)) }),
    },
  };
}
