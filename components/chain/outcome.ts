import type { Chain } from '../../model/fleet/chain.ts';
import type { Image } from '../../model/fleet/image.ts';
import { stepKindOf } from '../../model/kinds/kinds.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import { receiverOf } from '../../model/kinds/step-work.ts';
import { mergedInto } from '../../model/plans/delete-snapshot/delete-snapshot-step.ts';
import { diskPlan } from '../../model/plans/plan.ts';

/**
 * What a plan does to an image: it receives the data of others, merges into another, is created, comes back below one that
 * stays, stays as it is, or leaves the chain and keeps its data.
 */
export type Outcome = 'receives' | 'merges' | 'new' | 'returns' | 'stays' | 'leaves';

/**
 * The outcome of each image by key: first the images that are to be created, then those of the chain, from the active one
 * down, each with those that come back right below it. If some steps are done already, only what is still to come. Empty if no image leaves the chain and none is created.
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
  const later = disk.after.images;
  // A plan makes active images only: what else is not here has been there before.
  for (const { key } of newOnesAt(later, 0, here))
    outcome.set(key, key === later[0]?.key ? 'new' : 'returns');
  for (const { key } of chain.images) {
    const stays = written.has(key) ? 'receives' : 'stays';
    outcome.set(key, left.has(key) ? stays : merged.has(key) ? 'merges' : 'leaves');
    const below = later.findIndex((image) => image.key === key) + 1;
    if (below > 0) for (const back of newOnesAt(later, below, here)) outcome.set(back.key, 'returns');
  }
  return outcome;
}

/** The images from a position down to the next one that is here already. */
function newOnesAt(images: readonly Image[], position: number, here: ReadonlySet<string>): readonly Image[] {
  const end = images.findIndex(({ key }, i) => i >= position && here.has(key));
  return images.slice(position, end === -1 ? images.length : end);
}

/** Keys of the images of a disk that the plan's steps write the data of others into. */
export function receivers(plan: Plan, target: string): ReadonlySet<string> {
  return new Set(
    plan.steps.flatMap((step) => {
      if (step.kind === 'delete-snapshot') {
        return step.merges.flatMap((merge) => (merge.target === target ? (mergedInto(merge) ?? []) : []));
      }
      return 'target' in step && step.target === target ? (receiverOf(step) ?? []) : [];
    }),
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
