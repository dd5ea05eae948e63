'use client';

import { useTranslations } from 'next-intl';
import { type StreamState, useStreamState } from '../live/stream.tsx';
import { Dot, type DotProps } from '../ui/dot.tsx';
import { StateText } from '../ui/state-text.tsx';

const DOTS: Readonly<Record<StreamState, DotProps>> = {
  live: { shape: 'circle', tone: 'ok' },
  connecting: { shape: 'ring', tone: 'rest' },
  reconnecting: { shape: 'ring', tone: 'warn', pulse: true },
};

/** Whether what is on screen is what there is. */
export function LiveMark() {
  const t = useTranslations('live');
  const state = useStreamState();
  const late = state === 'reconnecting';
  return (
    <span role="status" title={t('hint', { state })}>
      <StateText mark={<Dot {...DOTS[state]} />} tone={late ? 'warn' : 'muted'}>
        <span className={late ? undefined : 'max-sm:sr-only'}>{t(state)}</span>
      </StateText>
    </span>
  );
}
