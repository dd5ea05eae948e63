'use client';

import { useTranslations } from 'next-intl';
import type { Host } from '../../model/fleet/host.ts';
import type { Operation } from '../../model/operation/operation.ts';
import type { Problem } from '../../model/problem.ts';
import { problemOf } from '../live/problem-of.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { Button } from '../ui/button.tsx';
import { PlanView } from './plan-view.tsx';
import type { PlanQuery } from './use-plan.ts';

export type { PlanQuery } from './use-plan.ts';

/** A plan as far as it is made, why it could not be, and what keeps it from being started. */
export function Planned({
  host,
  plan,
  changing = false,
  onStarted,
  onRefused,
  onCompletely,
}: {
  host: Host;
  plan: PlanQuery;
  /** Whether something else is wanted by now than was planned with. */
  changing?: boolean;
  onStarted: (operation: Operation) => void;
  /** The server refused to start it, which is shown in place for as long as the plan is. */
  onRefused?: ((problem: Problem) => void) | undefined;
  /** Flattens completely instead; only for a flatten. */
  onCompletely?: (() => void) | undefined;
}) {
  const t = useTranslations('plan');
  const blocked =
    host.state !== 'connected'
      ? t('notConnected', { host: host.name })
      : plan.isFetching || changing
        ? t('planning')
        : plan.isError
          ? t('planFirst')
          : null;
  return (
    <>
      {plan.isError && (
        <div className="flex flex-col items-start gap-2">
          <ProblemNote role="alert" problem={problemOf(plan.error)} />
          <Button onClick={() => void plan.refetch()}>{t('planAgain')}</Button>
        </div>
      )}
      {plan.data && (
        <PlanView
          plan={plan.data}
          blocked={blocked}
          onStarted={onStarted}
          onRefused={(problem) => {
            onRefused?.(problem);
            void plan.refetch();
          }}
          onCompletely={onCompletely}
        />
      )}
      {plan.isPending && (
        <p role="status" className="text-muted">
          {blocked}
        </p>
      )}
    </>
  );
}
