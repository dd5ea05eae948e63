'use client';

import { useTranslations } from 'next-intl';
import type { Host } from '../../model/fleet/host.ts';
import { classNames } from '../ui/class-names.ts';

const SHAPES: Readonly<Record<Host['state'], string>> = {
  connected: 'rounded-full bg-ok',
  connecting: 'rounded-full border-[1.5px] border-warn motion-safe:animate-pulse',
  lost: 'rotate-45 rounded-[1px] bg-bad',
};
const TONES: Readonly<Record<Host['state'], string>> = {
  connected: 'text-muted',
  connecting: 'text-warn',
  lost: 'text-bad',
};

/** The state of a host's connection by shape, colour and word. */
export function HostStateMark({ state }: { state: Host['state'] }) {
  const t = useTranslations('fleet');
  return (
    <span className={classNames('inline-flex items-center gap-1.5 whitespace-nowrap', TONES[state])}>
      <span aria-hidden className={classNames('inline-block size-[7px]', SHAPES[state])} />
      {t('hostState', { state })}
    </span>
  );
}
