'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { activeOf } from '../../model/chain.ts';
import type { Wanted } from '../../model/cheapest.ts';
import { imageName } from '../../model/image.ts';
import type { Plan } from '../../model/plan.ts';
import { isSameWay, overwritten, WAYS, type Way, type WayName } from '../../model/way.ts';
import type { ActionAt } from '../actions/action.ts';
import { ProblemLinks } from '../problem/problem-links.tsx';
import { useProblemText } from '../problem/problem-text.ts';
import { type Card, RadioCards } from '../ui/radio-cards.tsx';
import { shortened } from './shortened.ts';
import { useForecast } from './use-forecast.ts';
import { useWays } from './use-ways.ts';

/** The ways to a result held against each other: what each copies, what it writes into, and whether that can be had again. */
export function WayChoice({
  at,
  wanted,
  pinned,
  way,
  onChange,
}: {
  at: ActionAt;
  wanted: Wanted;
  pinned: readonly string[];
  way: WayName;
  onChange: (way: WayName) => void;
}) {
  const t = useTranslations('plan.ways');
  const ways = useWays(at, wanted, pinned);
  const card = useCard();
  const cards = WAYS.map((name) => card(name, ways.data ?? null));
  return <RadioCards label={t('label')} cards={cards} value={way} onChange={onChange} />;
}

function useCard() {
  const t = useTranslations('plan.ways');
  const text = useProblemText();
  const forecast = useForecast();
  return (name: WayName, ways: readonly Way[] | null): Card<WayName> => {
    const plan = ways?.find((one) => one.name === name)?.plan ?? null;
    const title = t(name);
    const off = (hint: ReactNode) => ({ value: name, title, figure: null, hint, disabled: true });
    if (ways === null) return { ...off(t('loading')), disabled: false };
    if (plan === null) return off(t('none'));
    const [refusal] = plan.refusals;
    if (refusal !== undefined)
      return off(
        <>
          {text(refusal)}
          <ProblemLinks problem={refusal} />
        </>,
      );
    const same = sameBefore(name, plan, ways);
    if (same !== null) return { ...off(t('same', { way: t(same) })), figure: forecast.size(plan.cost) };
    return { value: name, title, figure: forecast.size(plan.cost), hint: hintOf(plan), disabled: false };
  };

  function hintOf(plan: Plan): string {
    const images = overwritten(plan).map((image) => shortened(image));
    const [now] = plan.disks.map((disk) => activeOf(disk.now));
    return images.length === 0
      ? t('writesActive', { active: now ? shortened(imageName(now)) : '' })
      : t('writes', { images: images.join(', '), count: images.length });
  }
}

/** The first of the ways before this one that is the same block jobs, and can be taken. */
function sameBefore(name: WayName, plan: Plan, ways: readonly Way[]): WayName | null {
  for (const other of ways) {
    if (other.name === name) return null;
    const can = other.plan !== null && other.plan.refusals.length === 0;
    if (can && other.plan !== null && isSameWay(other.plan, plan)) return other.name;
  }
  return null;
}
