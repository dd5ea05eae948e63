'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import type { Plan } from '../../model/plans/plan.ts';
import type { Step } from '../../model/plans/step.ts';
import { useFleet } from '../live/use-fleet.ts';
import { nameIn } from './operation-texts.ts';

/** What a step does, as a sentence for people. */
export function useStepTexts(): (plan: Plan, step: Step) => string {
  const t = useTranslations('steps');
  const { hosts } = useFleet();
  return useCallback(
    (plan: Plan, step: Step) => {
      const hostNamed = (id: string) => hosts.find((host) => host.id === id)?.name ?? plan.uris[id] ?? id;
      switch (step.kind) {
        case 'pull':
        case 'shut-off-pull': {
          const count = step.before.length - step.after.length;
          return t(step.kind, { count, image: nameIn(plan, step.after[0] ?? '') });
        }
        case 'commit':
        case 'active-commit': {
          const count = step.before.length - step.after.length;
          return t(step.kind, { count, image: nameIn(plan, step.base) });
        }
        case 'copy':
          return t('copy', { target: step.target, file: step.file });
        case 'snapshot':
          return t('snapshot', { name: step.name, count: step.disks.length });
        case 'forget':
          return t('forget', { name: step.names[0] ?? '', count: step.names.length });
        case 'overlay':
          return t('overlay', { file: step.file });
        case 'migrate':
          return t('migrate', { guest: plan.guestName ?? '', host: hostNamed(step.to) });
        case 'end-job':
          return t(`end-job.${step.how}`, { target: step.target, image: nameIn(plan, step.after[0] ?? '') });
        case 'redefine':
          return t('redefine', { guest: plan.guestName ?? '', image: nameIn(plan, step.to) });
        case 'rewrite-header':
          return t('rewrite-header', { image: nameIn(plan, step.image), ...step.backing });
        case 'delete':
          return t('delete', { file: step.file, pool: step.pool || 'none' });
        case 'resume':
          return t('resume', { guest: plan.guestName ?? '' });
        case 'repair-leaks':
          return t('repair-leaks', { image: nameIn(plan, step.image) });
      }
    },
    [t, hosts],
  );
}

/** What a cancel leaves that comes while a step runs. */
export function useCancelTexts(): (step: Step) => string {
  const t = useTranslations('cancelled');
  return useCallback((step: Step) => t(step.kind), [t]);
}
