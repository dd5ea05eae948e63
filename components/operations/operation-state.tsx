'use client';

import { useTranslations } from 'next-intl';
import type { Operation } from '../../model/operation/operation.ts';
import { Sign, type SignName } from '../ui/sign.tsx';
import { StateText } from '../ui/state-text.tsx';
import { type ShownState, useShownState } from './shown-state.ts';

const SIGNS: Readonly<Record<ShownState, SignName>> = {
  queued: 'waiting',
  running: 'running',
  paused: 'paused',
  unreachable: 'unknown',
  cancelling: 'stopping',
  succeeded: 'done',
  failed: 'failed',
  cancelled: 'ended',
};

/** The state by shape, colour and text. */
export function OperationStateMark({ operation }: { operation: Operation }) {
  const t = useTranslations('operations');
  const state = useShownState()(operation);
  const waits = state === 'paused' || state === 'unreachable';
  return (
    <StateText mark={<Sign name={SIGNS[state]} />} tone={waits ? 'warn' : undefined}>
      {t('state', { state })}
    </StateText>
  );
}
