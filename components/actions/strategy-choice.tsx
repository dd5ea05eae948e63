'use client';

import { useLocale, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { activeOf } from '../../model/fleet/chain.ts';
import { imageName } from '../../model/fleet/image.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import {
  isSameStrategy,
  overwritten,
  STRATEGIES,
  type Strategy,
  type StrategyName,
} from '../../model/kinds/strategy.ts';
import { nameIn } from '../../model/plans/plan.ts';
import type { Goal } from '../../model/plans/shorten/goal.ts';
import type { Problem } from '../../model/problem.ts';
import { type Outcome, outcomes } from '../chain/outcome.ts';
import { shortened } from '../plan/shortened.ts';
import { useEstimate } from '../plan/use-estimate.ts';
import { ProblemLinks } from '../problem/problem-links.tsx';
import { useProblemText } from '../problem/problem-text.ts';
import { type Card, RadioCards } from '../ui/radio-cards.tsx';
import { useQuantity } from '../ui/use-quantity.ts';
import type { ActionAt } from './action.ts';
import { useStrategies } from './use-strategies.ts';

/** What happens to images, in the order of the texts. No strategy makes an image. */
const SHOWN_OUTCOMES = ['receives', 'merges', 'leaves', 'stays'] as const satisfies readonly Outcome[];
/** So many images are called by their names, the others are counted. */
const NAMED = 3;

/**
 * The strategies that lead to one result: what each copies, how long it takes, what happens to each image, and whether that can
 * be undone.
 */
export function StrategyChoice({
  at,
  goal,
  pinned,
  strategy,
  onChange,
}: {
  at: ActionAt;
  goal: Goal;
  pinned: readonly string[];
  strategy: StrategyName;
  onChange: (strategy: StrategyName) => void;
}) {
  const t = useTranslations('plan.strategies');
  const strategies = useStrategies(at, goal, pinned);
  const card = useCard();
  const cards = STRATEGIES.map((name) => card(name, strategies.data ?? null));
  return <RadioCards label={t('label')} cards={cards} value={strategy} onChange={onChange} />;
}

function useCard() {
  const t = useTranslations('plan.strategies');
  const text = useProblemText();
  const estimate = useEstimate();
  const { duration } = useQuantity();
  const named = useNamed();
  return (name: StrategyName, strategies: readonly Strategy[] | null): Card<StrategyName> => {
    const plan = strategies?.find((one) => one.name === name)?.plan ?? null;
    const title = t(name);
    const off = (reason: ReactNode) => ({ value: name, title, figure: null, hint: reason, disabled: true });
    if (strategies === null) return { ...off(t('loading')), disabled: false };
    if (plan === null) return off(t('none'));
    const [refusal] = plan.refusals;
    const unavailable = refusal && unavailableBefore(name, refusal, strategies);
    if (unavailable) return off(t('unavailableToo', { strategy: t(unavailable) }));
    if (refusal !== undefined)
      return off(
        <>
          {text(refusal)}
          <ProblemLinks problem={refusal} />
        </>,
      );
    const figure = estimate.moved(plan.cost);
    const same = sameBefore(name, plan, strategies);
    if (same !== null) return { ...off(t('same', { strategy: t(same) })), figure };
    const hint = hintsOf(plan).map((line) => (
      <span key={line} className="block">
        {line}
      </span>
    ));
    return { value: name, title, figure, hint, disabled: false };
  };

  function hintsOf(plan: Plan): readonly string[] {
    const { time } = plan.cost;
    return [
      time == null ? t('timeUnknown') : t('timeAbout', { time: duration(time.likely) }),
      ...becomes(plan),
      undoing(plan),
    ];
  }

  /** What happens to each image, grouped by outcome. */
  function becomes(plan: Plan): readonly string[] {
    return plan.disks.flatMap(({ target, now }) => {
      const outcome = outcomes(plan, target, now);
      return SHOWN_OUTCOMES.flatMap((one) => {
        const images = [...outcome].flatMap(([key, is]) => (is === one ? [nameIn(plan, key)] : []));
        return images.length === 0
          ? []
          : [t(`becomes.${one}`, { images: named(images), count: images.length })];
      });
    });
  }

  function undoing(plan: Plan): string {
    const images = overwritten(plan);
    const [now] = plan.disks.map((disk) => activeOf(disk.now));
    return images.length === 0
      ? t('writesActive', { active: now ? shortened(imageName(now)) : '' })
      : t('writes', { images: named(images), count: images.length });
  }
}

/** A list of names. Only a few are named, the others are counted. */
function useNamed(): (names: readonly string[]) => string {
  const t = useTranslations('plan');
  const list = new Intl.ListFormat(useLocale(), { type: 'conjunction' });
  return (names) => {
    const rest = names.length - NAMED;
    const shown = names.slice(0, rest > 1 ? NAMED : undefined).map((name) => shortened(name));
    return list.format(rest > 1 ? [...shown, t('moreImages', { count: rest })] : shown);
  };
}

/** The first of the strategies before this one that is refused for the same reason. */
function unavailableBefore(
  name: StrategyName,
  refusal: Problem,
  strategies: readonly Strategy[],
): StrategyName | null {
  const before = strategies.slice(
    0,
    strategies.findIndex((one) => one.name === name),
  );
  const reason = JSON.stringify(refusal);
  return before.find(({ plan }) => JSON.stringify(plan?.refusals[0]) === reason)?.name ?? null;
}

/** The first of the strategies before this one that is the same block jobs, and is not refused. */
function sameBefore(name: StrategyName, plan: Plan, strategies: readonly Strategy[]): StrategyName | null {
  for (const other of strategies) {
    if (other.name === name) return null;
    const can = other.plan !== null && other.plan.refusals.length === 0;
    if (can && other.plan !== null && isSameStrategy(other.plan, plan)) return other.name;
  }
  return null;
}
