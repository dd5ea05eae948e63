'use client';

import { useTranslations } from 'next-intl';
import type { OperationState } from '../../model/operation.ts';
import { classNames } from '../ui/class-names.ts';

const SIGNS: Readonly<Record<OperationState, { sign: string; tone: string }>> = {
  queued: { sign: '○', tone: 'text-muted' },
  running: { sign: '▶', tone: 'text-accent' },
  cancelling: { sign: '■', tone: 'text-warn' },
  succeeded: { sign: '✓', tone: 'text-ok' },
  failed: { sign: '✕', tone: 'text-bad' },
  cancelled: { sign: '–', tone: 'text-muted' },
};

/** The state by shape, colour and word. */
export function OperationStateMark({ state }: { state: OperationState }) {
  const t = useTranslations('operations');
  const { sign, tone } = SIGNS[state];
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <span aria-hidden className={classNames('inline-block w-3 text-center text-2xs', tone)}>
        {sign}
      </span>
      {t('state', { state })}
    </span>
  );
}
