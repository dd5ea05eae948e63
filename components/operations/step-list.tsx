'use client';

import { useTranslations } from 'next-intl';
import { activeOf } from '../../model/chain.ts';
import { imageName } from '../../model/image.ts';
import type { Operation, StepStatus } from '../../model/operation.ts';
import { classNames } from '../ui/class-names.ts';

const SIGNS: Readonly<Record<StepStatus['state'], { sign: string; tone: string }>> = {
  waiting: { sign: '○', tone: 'text-muted' },
  running: { sign: '▶', tone: 'text-accent' },
  done: { sign: '✓', tone: 'text-ok' },
  failed: { sign: '✕', tone: 'text-bad' },
};

/** The steps of an operation with how each stands. */
export function StepList({ operation: { plan, steps } }: { operation: Operation }) {
  const t = useTranslations('operations');
  const active = activeOf(plan.now);
  return (
    <section aria-label={t('steps')}>
      <h3 className="mb-1 text-2xs text-muted">{t('steps')}</h3>
      <ol className="flex flex-col gap-1">
        {plan.steps.map((step, index) => {
          const state = steps[index]?.state ?? 'waiting';
          const { sign, tone } = SIGNS[state];
          return (
            <li key={`${step.kind}/${step.base}`} className="flex gap-2">
              <span aria-hidden className={classNames('w-3 text-center text-2xs', tone)}>
                {sign}
              </span>
              <span className="min-w-0 flex-1 wrap-anywhere">
                {t('stepPull', { count: plan.merged.length, image: active ? imageName(active) : '' })}
              </span>
              <span className="text-muted">{t('stepState', { state })}</span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
