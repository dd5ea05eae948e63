'use client';

import { useTranslations } from 'next-intl';
import type { Operation } from '../../model/operation/operation.ts';
import { classNames } from '../ui/class-names.ts';
import { type ShownState, useShownState } from './shown-state.ts';

const SIGNS: Readonly<Record<ShownState, { sign: string; tone: string }>> = {
  queued: { sign: '○', tone: 'text-muted' },
  running: { sign: '▶', tone: 'text-accent' },
  paused: { sign: '❚❚', tone: 'text-warn' },
  unreachable: { sign: '?', tone: 'text-warn' },
  cancelling: { sign: '■', tone: 'text-warn' },
  succeeded: { sign: '✓', tone: 'text-ok' },
  failed: { sign: '✕', tone: 'text-bad' },
  cancelled: { sign: '–', tone: 'text-muted' },
};

/** The state by shape, colour and word. */
export function OperationStateMark({ operation }: { operation: Operation }) {
  const t = useTranslations('operations');
  const state = useShownState()(operation);
  const { sign, tone } = SIGNS[state];
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <span aria-hidden className={classNames('inline-block min-w-3 text-center text-2xs', tone)}>
        {sign}
      </span>
      <span className={state === 'paused' || state === 'unreachable' ? 'text-warn' : undefined}>
        {t('state', { state })}
      </span>
    </span>
  );
}
