'use client';

import type { Operation } from '../../model/operation/operation.ts';
import type { Problem } from '../../model/problem.ts';
import type { Form, FormProps } from '../plan/form-of.tsx';
import { Planned, type PlanQuery } from '../plan/planned.tsx';
import type { ActionAt } from './action.ts';

export interface PlannedFormProps {
  at: ActionAt;
  plan: PlanQuery;
  /** Whether the form has changed since the plan was made. */
  changing: boolean;
  query: URLSearchParams;
  onQuery: FormProps<ActionAt>['onQuery'];
  onStarted: (operation: Operation) => void;
  onRefused: (problem: Problem) => void;
  /** Flattens completely instead; only for a flatten. */
  onCompletely?: () => void;
}

/** The controls of an action over the plan that their values make. */
export function PlannedForm({
  form,
  query,
  onQuery,
  ...request
}: PlannedFormProps & {
  /** `null` until it is loaded. */
  form: Form<ActionAt> | null;
}) {
  const { at, plan } = request;
  return (
    <>
      {form && <form.Controls at={at} query={query} plan={plan.data ?? null} onQuery={onQuery} />}
      <Planned
        host={at.host}
        plan={plan}
        changing={request.changing}
        onStarted={request.onStarted}
        onRefused={request.onRefused}
        onCompletely={request.onCompletely}
      />
    </>
  );
}
