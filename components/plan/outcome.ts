import type { DiskPlan, Plan } from '../../model/plan.ts';

/**
 * What a plan does to an image: it receives the data of others, its own goes into another, it is made, it stays as it
 * is, or it leaves the chain with its data in it.
 */
export type Outcome = 'receives' | 'merges' | 'new' | 'stays' | 'leaves';

/** What becomes of each image of a disk, by key, from the active one down; the new ones first. */
export function outcomes(plan: Plan, { target, now, after, merged }: DiskPlan): ReadonlyMap<string, Outcome> {
  const written = receivers(plan, target);
  const merges = new Set(merged);
  const left = new Set(after.images.map(({ key }) => key));
  const known = new Set(now.images.map(({ key }) => key));
  const made = after.images.filter(({ key }) => !known.has(key));
  return new Map([
    ...made.map(({ key }) => [key, 'new'] as const),
    ...now.images.map(({ key }): [string, Outcome] => [
      key,
      left.has(key) ? (written.has(key) ? 'receives' : 'stays') : merges.has(key) ? 'merges' : 'leaves',
    ]),
  ]);
}

/** Keys of the images of a disk that the plan's steps write the data of others into. */
export function receivers(plan: Plan, target: string): ReadonlySet<string> {
  return new Set(
    plan.steps.flatMap((step) => {
      switch (step.kind) {
        case 'pull':
        case 'shut-off-pull':
        case 'copy':
          return step.target === target ? step.after.slice(0, 1) : [];
        case 'commit':
        case 'active-commit':
          return step.target === target ? [step.base] : [];
        default:
          return [];
      }
    }),
  );
}
