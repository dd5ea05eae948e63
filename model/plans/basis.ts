import { type Basis, weaker } from '../cost/prediction.ts';
import type { Problem } from '../problem.ts';
import type { ImageCost, PlanOf } from './plan.ts';

/**
 * The plan with the basis of its predictions.
 * @param basis how the allocation maps of the host's images were read
 * @param readError why an image could not be read; it is a warning where only an upper bound is left
 */
export function withBasis<Plan extends PlanOf>(
  plan: Plan,
  basis: Basis,
  readError: Problem | null = null,
): Plan {
  const based = <T extends ImageCost>({ predicted, ...others }: T) => ({
    ...others,
    ...(predicted === undefined
      ? {}
      : { predicted: predicted && { ...predicted, basis: weaker(predicted.basis, basis) } }),
  });
  const { images, steps, ...cost } = plan.cost;
  const isBound = cost.predicted === null || cost.predicted?.basis === 'allocations';
  return {
    ...plan,
    warnings: readError === null || !isBound ? plan.warnings : [...plan.warnings, readError],
    cost: {
      ...based(cost),
      ...(images === undefined ? {} : { images: images.map(based) }),
      ...(steps === undefined ? {} : { steps: steps.map((one) => one && based(one)) }),
    },
  };
}
