'use client';

import { useTranslations } from 'next-intl';
import type { Operation } from '../../model/operation/operation.ts';
import type { Problem } from '../../model/problem.ts';
import type { Form, FormProps } from '../plan/form-of.tsx';
import { Planned, type PlanQuery } from '../plan/planned.tsx';
import { Panel } from '../ui/panel.tsx';
import type { ActionAt, ActionName } from './action.ts';
import { focusMenu } from './action-menu.tsx';

/** The form of an action over the plan that its values make. */
export function ActionPanel({
  action,
  form,
  at,
  plan,
  changing,
  query,
  onQuery,
  onStarted,
  onRefused,
  onClose,
}: {
  action: ActionName;
  /** `null` until it is loaded. */
  form: Form<ActionAt> | null;
  at: ActionAt;
  plan: PlanQuery;
  /** Whether the form says something else by now than was planned with. */
  changing: boolean;
  query: URLSearchParams;
  onQuery: FormProps<ActionAt>['onQuery'];
  onStarted: (operation: Operation) => void;
  onRefused: (problem: Problem) => void;
  onClose: () => void;
}) {
  const t = useTranslations('actions');

  function close() {
    onClose();
    focusMenu();
  }

  return (
    <Panel title={t(`${action}.title`, { guest: at.guest.name, target: at.disk.target })} onClose={close}>
      {form && <form.Controls at={at} query={query} plan={plan.data ?? null} onQuery={onQuery} />}
      <Planned host={at.host} plan={plan} changing={changing} onStarted={onStarted} onRefused={onRefused} />
    </Panel>
  );
}
