import type { Chain } from '../../model/fleet/chain.ts';
import { stepKindOf } from '../../model/kinds/kinds.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import { receiverOf } from '../../model/kinds/step-work.ts';
import { diskPlan } from '../../model/plans/plan.ts';

/**
 * What a plan does to an image: it receives the data of others, merges into another, is created, stays as it is,
 * or leaves the chain and keeps its data.
 */
export type Outcome = 'receives' | 'merges' | 'new' | 'stays' | 'leaves';

/**
 * The outcome of each image by key: first the images that are to be created, then those of the chain, from the active one
 * down. If some steps are done already, only what is still to come. Empty if no image leaves the chain and none is created.
 *
 * @param chain of the disk, as it is now
 */
export function outcomes(plan: Plan | null, target: string, chain: Chain): ReadonlyMap<string, Outcome> {
  const disk = plan && diskPlan(plan, target);
  const outcome = new Map<string, Outcome>();
  if (plan === null || disk === null) return outcome;
  const here = new Set(chain.images.map(({ key }) => key));
  const left = new Set(disk.after.images.map(({ key }) => key));
  const changes = [...here].some((key) => !left.has(key)) || [...left].some((key) => !here.has(key));
  if (!changes) return outcome;
  const merged = new Set(disk.merged);
  const written = receivers(plan, target);
  for (const { key } of disk.after.images) if (!here.has(key)) outcome.set(key, 'new');
  for (const { key } of chain.images) {
    const stays = written.has(key) ? 'receives' : 'stays';
    outcome.set(key, left.has(key) ? stays : merged.has(key) ? 'merges' : 'leaves');
  }
  return outcome;
}

/** Keys of the images of a disk that the plan's steps write the data of others into. */
export function receivers(plan: Plan, target: string): ReadonlySet<string> {
  return new Set(
    plan.steps.flatMap((step) =>
      'target' in step && step.target === target ? (receiverOf(step) ?? []) : [],
    ),
  );
}

/** Keys of the images of a disk that a commit writes into: what is read of them alone changes. A pull changes nothing that is read. */
export function committedInto(plan: Plan, target: string): ReadonlySet<string> {
  return new Set(
    plan.steps.flatMap((step) => {
      const move = 'target' in step && step.target === target ? stepKindOf(step).move?.(step) : undefined;
      return move?.direction === 'down' ? (move.into ?? []) : [];
    }),
  );
}
