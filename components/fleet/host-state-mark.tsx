'use client';

import { useTranslations } from 'next-intl';
import type { Host } from '../../model/fleet/host.ts';
import { Dot, type DotProps } from '../ui/dot.tsx';
import { StateText } from '../ui/state-text.tsx';

const DOTS: Readonly<Record<Host['state'], DotProps>> = {
  connected: { shape: 'circle', tone: 'ok' },
  connecting: { shape: 'ring', tone: 'warn', pulse: true },
  lost: { shape: 'diamond', tone: 'bad' },
};
const TONES = { connected: 'muted', connecting: 'warn', lost: 'bad' } as const;

/** The state of a host's connection by shape, colour and text. */
export function HostStateMark({ state }: { state: Host['state'] }) {
  const t = useTranslations('fleet');
  return (
    <StateText mark={<Dot {...DOTS[state]} />} tone={TONES[state]}>
      {t('hostState', { state })}
    </StateText>
  );
}
