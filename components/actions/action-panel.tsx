'use client';

import { useTranslations } from 'next-intl';
import type { Operation } from '../../model/operation/operation.ts';
import type { Problem } from '../../model/problem.ts';
import type { FormProps } from '../plan/form-of.tsx';
import { Planned, type PlanQuery } from '../plan/planned.tsx';
import { Panel } from '../ui/panel.tsx';
import type { ActionAt, ActionName } from './action.ts';
import { focusMenu } from './action-menu.tsx';
import { FORMS } from './forms.ts';

/** The form of an action over the plan that its values make. */
export function ActionPanel({
  action,
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
  const { Controls } = FORMS[action];

  function close() {
    onClose();
    focusMenu();
  }

  return (
    <Panel title={t(`${action}.title`, { guest: at.guest.name, target: at.disk.target })} onClose={close}>
      <Controls at={at} query={query} plan={plan.data ?? null} onQuery={onQuery} />
      <Planned host={at.host} plan={plan} changing={changing} onStarted={onStarted} onRefused={onRefused} />
    </Panel>
  );
}
