'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import { type Step, stepKindOf } from '../../model/kinds/kinds.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import { useHostNames } from './use-host-names.ts';

/** What a step does, as a sentence for people. */
export function useStepTexts(): (plan: Plan, step: Step) => string {
  const t = useTranslations('steps');
  const hostNames = useHostNames();
  return useCallback(
    (plan: Plan, step: Step) => t(step.kind, stepKindOf(step).text(plan, step, hostNames(plan))),
    [t, hostNames],
  );
}

/** What a cancel leaves that comes while a step runs. */
export function useCancelTexts(): (step: Step) => string {
  const t = useTranslations('cancelled');
  return useCallback((step: Step) => t(step.kind), [t]);
}
