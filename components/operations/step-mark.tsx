'use client';

import { useTranslations } from 'next-intl';
import type { Operation } from '../../model/operation/operation.ts';
import { stepAtHand } from '../../model/operation/step-at-hand.ts';
import { useStepTexts } from './step-texts.ts';

/** Which step an operation of several is at. */
export function StepMark({ operation }: { operation: Operation }) {
  const t = useTranslations('operations');
  const texts = useStepTexts();
  const { plan } = operation;
  const at = stepAtHand(operation);
  const step = plan.steps[at];
  if (plan.steps.length < 2 || step === undefined) return null;
  return (
    <span className="shrink-0 whitespace-nowrap text-2xs text-muted" title={texts(plan, step)}>
      {t('stepOf', { step: at + 1, count: plan.steps.length })}
    </span>
  );
}
