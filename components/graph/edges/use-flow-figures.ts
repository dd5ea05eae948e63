import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import type { Operation, Progress } from '../../../model/operation/operation.ts';
import { mostNow } from '../../../model/operation/step-at-hand.ts';
import { shareDone } from '../../operations/share-done.ts';
import { useShownState } from '../../operations/shown-state.ts';
import { useQuantity } from '../../ui/use-quantity.ts';
import type { FlowFigures } from './backing-line.tsx';

/** The figures at the edge into the active image while an operation runs; `null` while none does. */
export function useFlowFigures(operation: Operation | null, progress: Progress | null): FlowFigures | null {
  const t = useTranslations('graph');
  const { bytes, share } = useQuantity();
  const state = useShownState();
  const shown = operation && state(operation);
  return useMemo(() => {
    if (operation === null) return null;
    if (operation.state === 'queued') return { above: t('queued'), below: null, share: null, moving: false };
    const waits = shown === 'paused' ? t('waitsForSpace') : shown === 'unreachable' ? t('unreachable') : null;
    const done = shareDone(progress, mostNow(operation));
    if (progress === null || done === null)
      return { above: waits ?? t('starting'), below: null, share: null, moving: waits === null };
    const copied = progress.work?.done ?? progress.grownBy;
    return {
      above: waits ?? (copied === null ? null : bytes(copied)),
      below: share(done.share),
      share: done.share,
      moving: waits === null,
    };
  }, [operation, shown, progress, t, bytes, share]);
}
