'use client';

import { useFormatter, useTranslations } from 'next-intl';
import type { Operation } from '../../model/operation/operation.ts';
import { ahead } from '../../model/operation/queue.ts';
import { useAhead, useUnfinishedOperations } from '../live/use-operations.ts';
import { diskName } from './disk-name.ts';

/** Which operations a queued one waits for, and which of these are paused for space themselves. */
export function QueueText({ operation }: { operation: Operation }) {
  const t = useTranslations('operations');
  const format = useFormatter();
  const ofGuest = useAhead(operation.plan);
  const ofHost = ahead(operation, useUnfinishedOperations());
  const named = (other: Operation) => {
    const disk = diskName(other);
    return other.paused ? t('behindPaused', { disk }) : disk;
  };
  return (
    <span className="min-w-0 text-muted wrap-anywhere md:whitespace-normal">
      {ofGuest !== null
        ? t('waitingFor', { disk: named(ofGuest) })
        : ofHost.length === 0
          ? t('waiting')
          : t('waitingBehind', { behind: format.list(ofHost.map(named)) })}
    </span>
  );
}
