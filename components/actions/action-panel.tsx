'use client';

import { useTranslations } from 'next-intl';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { Operation } from '../../model/operation.ts';
import type { Problem } from '../../model/problem.ts';
import { Planned, type PlanQuery } from '../plan/planned.tsx';
import type { ActionAt, ActionName, FormProps } from './action.ts';
import { focusMenu } from './action-menu.tsx';
import { FORMS } from './forms.ts';

/** The form of an action over the plan that its values make. */
export function ActionPanel({
  action,
  at,
  plan,
  changing,
  onIntent,
  onStarted,
  onRefused,
  onClose,
}: {
  action: ActionName;
  at: ActionAt;
  plan: PlanQuery;
  /** Whether the form says something else by now than was planned with. */
  changing: boolean;
  onIntent: FormProps['onIntent'];
  onStarted: (operation: Operation) => void;
  onRefused: (problem: Problem) => void;
  onClose: () => void;
}) {
  const t = useTranslations('actions');
  const ui = useTranslations('ui');
  const Fields = FORMS[action];
  const title = useRef<HTMLHeadingElement>(null);

  // Whoever opened it by the menu goes on here; on narrow screens it also comes into view.
  useEffect(() => title.current?.focus(), []);

  function close() {
    onClose();
    focusMenu();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    close();
  }

  return (
    <section aria-labelledby="action-title" onKeyDown={onKeyDown} className="flex flex-col gap-5 p-4">
      <header className="flex items-start justify-between gap-3">
        <h2
          ref={title}
          id="action-title"
          tabIndex={-1}
          className="text-lg font-semibold wrap-anywhere outline-none"
        >
          {t(`${action}.title`, { guest: at.guest.name, target: at.disk.target })}
        </h2>
        <button
          type="button"
          aria-label={ui('close')}
          onClick={close}
          className="-m-1 size-7 shrink-0 rounded-md text-muted hover:bg-hover hover:text-text"
        >
          ×
        </button>
      </header>
      {Fields && <Fields at={at} plan={plan.data ?? null} onIntent={onIntent} />}
      <Planned host={at.host} plan={plan} changing={changing} onStarted={onStarted} onRefused={onRefused} />
    </section>
  );
}
