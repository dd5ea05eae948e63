import type { Step } from '../plans/step.ts';
import type { Operation } from './operation.ts';

/** How many images the chain of the plan's first disk has by what the operation did, finished or not; `null` where it has none. */
export function imagesLeft({ plan, steps }: Pick<Operation, 'plan' | 'steps'>): number | null {
  const [disk] = plan.disks;
  if (disk === undefined) return null;
  let left = disk.now.images.length;
  for (const [i, step] of plan.steps.entries()) {
    if (steps[i]?.state === 'done') left = lengthAfter(step, disk.target) ?? left;
    // Over there it runs on the new image, over those that it had here.
    if (steps[i]?.state === 'done' && step.kind === 'migrate') left += goes(step.disks, disk.target) ? 1 : 0;
  }
  return left;
}

function lengthAfter(step: Step, target: string): number | null {
  if (step.kind === 'snapshot') return step.disks.find((one) => one.target === target)?.after.length ?? null;
  return 'after' in step && step.target === target ? step.after.length : null;
}

function goes(disks: readonly { readonly target: string }[], target: string): boolean {
  return disks.some((one) => one.target === target);
}
