'use client';

import { useTranslations } from 'next-intl';
import type { Operation, OperationState } from '../../model/operation.ts';
import { classNames } from '../ui/class-names.ts';

/** One that runs, and waits for room meanwhile, is told apart from one that gets on. */
type Shown = OperationState | 'held';

const SIGNS: Readonly<Record<Shown, { sign: string; tone: string }>> = {
  queued: { sign: '○', tone: 'text-muted' },
  running: { sign: '▶', tone: 'text-accent' },
  held: { sign: '❚❚', tone: 'text-warn' },
  cancelling: { sign: '■', tone: 'text-warn' },
  succeeded: { sign: '✓', tone: 'text-ok' },
  failed: { sign: '✕', tone: 'text-bad' },
  cancelled: { sign: '–', tone: 'text-muted' },
};

export function shownState({ state, held }: Pick<Operation, 'state' | 'held'>): Shown {
  return held ? 'held' : state;
}

/** The state by shape, colour and word. */
export function OperationStateMark({ operation }: { operation: Pick<Operation, 'state' | 'held'> }) {
  const t = useTranslations('operations');
  const state = shownState(operation);
  const { sign, tone } = SIGNS[state];
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <span aria-hidden className={classNames('inline-block min-w-3 text-center text-2xs', tone)}>
        {sign}
      </span>
      <span className={state === 'held' ? 'text-warn' : undefined}>{t('state', { state })}</span>
    </span>
  );
}
