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

/** One way to a result, to be held against the others. */
export interface Strategy {
  readonly name: StrategyName;
  /** `null` if it does not lead there at all. */
  readonly plan: Plan | null;
}

/** What each way has to be asked for; `null` if it does not lead there. The safest is first: a pull writes nothing but the active image. */
export function strategiesFor(
  chain: Chain,
  target: string,
  wanted: Goal,
  pinned: readonly string[],
): readonly { readonly name: StrategyName; readonly intent: FlattenIntent | ShortenIntent | null }[] {
  return STRATEGIES.map((name) => ({ name, intent: intentFor(name, chain, target, wanted, pinned) }));
}

export function intentFor(
  name: StrategyName,
  chain: Chain,
  target: string,
  wanted: Goal,
  pinned: readonly string[],
  forgetAfter = true,
): FlattenIntent | ShortenIntent | null {
  if (name !== 'pull') return { kind: 'shorten', target, goal: wanted, strategy: name, pinned, forgetAfter };
  const base = pullBase(chain, wanted);
  const merged = chain.images.slice(
    0,
    base === null ? undefined : chain.images.findIndex(({ key }) => key === base),
  );
  const kept = merged.some(({ key }) => pinned.includes(key));
  return base === undefined || kept
    ? null
    : { kind: 'flatten', target, base, snapshotFirst: null, forgetAfter };
}

/** Names of the images below the active one that the plan writes into, so that what they held before can't be had again. */
export function overwritten(plan: Plan): readonly string[] {
  const keys = new Set(plan.steps.flatMap((step) => (isCommit(step) ? [step.base] : [])));
  return [...keys].map((key) => {
    const image = imageOf(plan, key);
    return image === null ? key : imageName(image);
  });
}

/** Whether two ways are the same block jobs. */
export function isSameStrategy(a: Plan, b: Plan): boolean {
  const jobs = ({ steps }: Plan) => JSON.stringify(steps.filter((step) => step.kind !== 'forget'));
  return jobs(a) === jobs(b);
}
