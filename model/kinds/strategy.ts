import type { Chain } from '../fleet/chain.ts';
import { imageName } from '../fleet/image.ts';
import { isCommit } from '../plans/commit.ts';
import type { FlattenIntent } from '../plans/flatten.ts';
import { imageOf } from '../plans/plan.ts';
import type { Goal } from '../plans/shorten/goal.ts';
import { pullBase, type ShortenIntent } from '../plans/shorten/shorten.ts';
import type { Plan } from './plan.ts';

export const STRATEGIES = ['pull', 'merge-down', 'cheapest'] as const;

export type StrategyName = (typeof STRATEGIES)[number];

/** One strategy for a result, to be compared with the others. */
export interface Strategy {
  readonly name: StrategyName;
  /** `null` if the strategy can't reach the result. */
  readonly plan: Plan | null;
}

/**
 * The intent of each strategy; `null` if it can't reach the goal. The safest is first: a pull writes only the
 * active image.
 */
export function strategiesFor(
  chain: Chain,
  target: string,
  goal: Goal,
  pinned: readonly string[],
): readonly { readonly name: StrategyName; readonly intent: FlattenIntent | ShortenIntent | null }[] {
  return STRATEGIES.map((name) => ({ name, intent: intentFor(name, chain, target, goal, pinned) }));
}

export function intentFor(
  name: StrategyName,
  chain: Chain,
  target: string,
  goal: Goal,
  pinned: readonly string[],
  forgetAfter = true,
): FlattenIntent | ShortenIntent | null {
  if (name !== 'pull') return { kind: 'shorten', target, goal, strategy: name, pinned, forgetAfter };
  const base = pullBase(chain, goal);
  const merged = chain.images.slice(
    0,
    base === null ? undefined : chain.images.findIndex(({ key }) => key === base),
  );
  const kept = merged.some(({ key }) => pinned.includes(key));
  return base === undefined || kept
    ? null
    : { kind: 'flatten', target, base, snapshotFirst: null, forgetAfter };
}

/** Names of the images below the active one that the plan writes into. Their previous content is lost. */
export function overwritten(plan: Plan): readonly string[] {
  const keys = new Set(plan.steps.flatMap((step) => (isCommit(step) ? [step.base] : [])));
  return [...keys].map((key) => {
    const image = imageOf(plan, key);
    return image === null ? key : imageName(image);
  });
}

/** Whether two plans have the same block jobs. */
export function isSameStrategy(a: Plan, b: Plan): boolean {
  const jobs = ({ steps }: Plan) => JSON.stringify(steps.filter((step) => step.kind !== 'forget'));
  return jobs(a) === jobs(b);
}
