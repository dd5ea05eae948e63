'use client';

import { useTranslations } from 'next-intl';
import { type ReactNode, useId } from 'react';
import type { Operation, Progress } from '../../model/operation/operation.ts';
import type { SpacePause } from '../../model/operation/pause.ts';
import { behind } from '../../model/operation/queue.ts';
import { useUnfinishedOperations } from '../live/use-operations.ts';
import { Bar } from '../ui/bar.tsx';
import { Sign } from '../ui/sign.tsx';
import { useQuantity } from '../ui/use-quantity.ts';
import { waitingFor } from './waiting.ts';

/** What a paused operation waits for: on which file system, how much space is missing, and which operations wait behind it. */
export function PausedNote({
  operation,
  pause,
  progress,
}: {
  operation: Operation;
  pause: SpacePause;
  progress: Progress | null;
}) {
  const t = useTranslations('operations');
  const { bytes } = useQuantity();
  const id = useId();
  const queued = behind(operation, useUnfinishedOperations()).length;
  const { why, free, missing } = waitingFor(pause, progress);
  return (
    <section
      aria-labelledby={id}
      className="rounded-lg border border-l-2 border-line border-l-warn bg-raised p-3"
    >
      <h3 id={id} className="font-medium wrap-anywhere">
        <Sign name="paused" className="mr-1.5" />
        {t('pausedTitle', { fileSystem: pause.fileSystem })}
      </h3>
      <p className="mt-1 text-muted">{t('pausedText', { why })}</p>
      <dl className="mt-2 grid grid-cols-[1fr_auto] gap-x-4 gap-y-0.5 tabular-nums">
        <Figure term={t('pausedFree')}>{bytes(free)}</Figure>
        {why !== 'others' && <Figure term={t('pausedUntil')}>{bytes(pause.needed)}</Figure>}
        {missing > 0 && (
          <Figure term={t('pausedMissing')}>
            <span className="font-medium text-warn">{bytes(missing)}</span>
          </Figure>
        )}
      </dl>
      {why !== 'others' && <Bar tone="warn" share={free / pause.needed} className="mt-2" />}
      {(queued > 0 || pause.neededWithReserve === null) && (
        <p className="mt-2 text-muted">
          {pause.neededWithReserve === null && t('pausedAnyway')}{' '}
          {queued > 0 && t('pausedQueue', { count: queued })}
        </p>
      )}
    </section>
  );
}

function Figure({ term, children }: { term: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{term}</dt>
      <dd className="text-right">{children}</dd>
    </>
  );
}
