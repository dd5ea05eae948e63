'use client';

import { useTranslations } from 'next-intl';
import { isOver, type Operation } from '../../model/operation/operation.ts';
import { Sign, type SignName } from '../ui/sign.tsx';
import { type ShownStep, shownStep, useShownState } from './shown-state.ts';
import { useCancelTexts, useStepTexts } from './step-texts.ts';

const SIGNS: Readonly<Record<ShownStep, SignName>> = {
  waiting: 'waiting',
  running: 'running',
  paused: 'paused',
  unreachable: 'unknown',
  done: 'done',
  failed: 'failed',
  cancelled: 'ended',
  undone: 'undone',
};

/** The steps of an operation with the state of each. */
export function StepList({ operation }: { operation: Operation }) {
  const { plan, steps } = operation;
  const shown = useShownState()(operation);
  const t = useTranslations('operations');
  const texts = useStepTexts();
  const cancelled = useCancelTexts();
  return (
    <section aria-label={t('steps')}>
      <h3 className="mb-1 text-2xs text-muted">{t('steps')}</h3>
      <ol className="flex flex-col gap-1">
        {plan.steps.map((step, index) => {
          const state = shownStep(operation, index, shown);
          return (
            <li key={JSON.stringify(step)} className="flex gap-2">
              <Sign name={SIGNS[state]} />
              <div className="min-w-0 flex-1 wrap-anywhere">
                <p>{texts(plan, step)}</p>
                {steps[index]?.state === 'running' && !isOver(operation) && (
                  <p className="text-2xs text-muted">{cancelled(step)}</p>
                )}
              </div>
              <span className="text-muted">{t('stepState', { state })}</span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
