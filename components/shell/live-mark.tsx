'use client';

import { useTranslations } from 'next-intl';
import { type StreamState, useStreamState } from '../live/stream.tsx';
import { classNames } from '../ui/class-names.ts';

const LOOKS: Readonly<Record<StreamState, { shape: string; tone: string }>> = {
  live: { shape: 'bg-ok', tone: 'text-muted' },
  connecting: { shape: 'border-[1.5px] border-line-strong', tone: 'text-muted' },
  reconnecting: { shape: 'border-[1.5px] border-warn motion-safe:animate-pulse', tone: 'text-warn' },
};

/** Whether what is on screen is what there is. */
export function LiveMark() {
  const t = useTranslations('live');
  const state = useStreamState();
  const { shape, tone } = LOOKS[state];
  return (
    <span
      role="status"
      title={t('hint', { state })}
      className={classNames('inline-flex items-center gap-1.5 whitespace-nowrap', tone)}
    >
      <span aria-hidden className={classNames('size-[7px] rounded-full', shape)} />
      <span className={state === 'reconnecting' ? '' : 'max-sm:sr-only'}>{t(state)}</span>
    </span>
  );
}
