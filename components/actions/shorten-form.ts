import { intentFor, STRATEGIES, type StrategyName } from '../../model/kinds/strategy.ts';
import type { Goal } from '../../model/plans/shorten/goal.ts';
import { count, flag, oneOf, optionalText, texts } from '../address/fields.ts';
import type { FormSpec } from '../plan/form-of.tsx';
import type { ActionAt } from './action.ts';
import { forgetsAfter } from './forgets-after.ts';

const HALF = 2;

export const GOALS = ['at-most', 'above', 'only'] as const;

export interface ShortenValues {
  readonly goal: (typeof GOALS)[number];
  /** How many images may be left, where that is the goal. */
  readonly images: number;
  /** The picked image is the one that the goal is about, where it is about one. */
  readonly image: string | null;
  /** Keys of images that stay as they are. */
  readonly keep: readonly string[];
  readonly strategy: StrategyName;
  readonly forget: boolean;
}

export const shortenForm: FormSpec<ShortenValues, ActionAt> = {
  fields: {
    goal: oneOf(GOALS),
    images: count,
    image: optionalText,
    keep: texts,
    strategy: oneOf(STRATEGIES),
    forget: flag,
  },
  initial: ({ disk, guest }) => ({
    goal: 'at-most',
    images: Math.ceil((disk.chain?.images.length ?? 1) / HALF),
    image: null,
    keep: [],
    strategy: 'cheapest',
    forget: forgetsAfter(guest),
  }),
  intent: (values, at) => {
    const { keep, strategy, forget } = values;
    const { target, chain } = at.disk;
    const goal = goalOf(values, at);
    return (
      intentFor(strategy, chain ?? { images: [] }, target, goal, keep, forget) ?? {
        kind: 'shorten',
        target,
        goal,
        strategy: 'cheapest',
        pinned: keep,
        forgetAfter: forget,
      }
    );
  },
};

/** What should be left. Without a picked image it is the lowest that stays below, or the active one that is left alone. */
export function goalOf({ goal, images, image }: ShortenValues, { disk }: ActionAt): Goal {
  const all = disk.chain?.images ?? [];
  const picked = all.find(({ key }) => key === image)?.key;
  if (goal === 'above') return { kind: goal, base: picked ?? all.at(-1)?.key ?? '' };
  if (goal === 'only') return { kind: goal, image: picked ?? all[0]?.key ?? '' };
  return { kind: goal, images };
}
