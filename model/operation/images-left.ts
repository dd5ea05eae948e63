import { stepKindOf } from '../kinds/kinds.ts';
import type { Operation } from './operation.ts';

/**
 * How many images the chain of the plan's first disk has after what the operation has done so far; `null` if the plan
 * has no disk.
 */
export function imagesLeft({ plan, steps }: Pick<Operation, 'plan' | 'steps'>): number | null {
  const [disk] = plan.disks;
  if (disk === undefined) return null;
  const done = plan.steps.filter((_, i) => steps[i]?.state === 'done');
  return done.reduce(
    (depth, step) => stepKindOf(step).depthAfter?.(step, disk.target, depth) ?? depth,
    disk.now.images.length,
  );
}
