'use client';

import { useTranslations } from 'next-intl';
import { type ReactNode, useId } from 'react';
import type { Operation, Progress } from '../../model/operation/operation.ts';
import type { Hold } from '../../model/operation/pause.ts';
import { behind } from '../../model/operation/queue.ts';
import { useUnderWay } from '../live/use-operations.ts';
import { Bar } from '../ui/bar.tsx';
import { useQuantity } from '../ui/use-quantity.ts';
import { waitingFor } from './waiting.ts';

/** What an operation waits for that stands still: on which file system, how much is missing, and who waits for it. */
export function HeldNote({
  operation,
  hold,
  progress,
}: {
  operation: Operation;
  hold: Hold;
  progress: Progress | null;
}) {
  const t = useTranslations('operations');
  const { bytes } = useQuantity();
  const id = useId();
  const queued = behind(operation, useUnderWay()).length;
  const { why, free, missing } = waitingFor(hold, progress);
  return (
    <section
      aria-labelledby={id}
      className="rounded-lg border border-l-2 border-line border-l-warn bg-raised p-3"
    >
      <h3 id={id} className="font-medium wrap-anywhere">
        <span aria-hidden className="mr-1.5 text-2xs text-warn">
          ❚❚
        </span>
        {t('heldTitle', { place: hold.place })}
      </h3>
      <p className="mt-1 text-muted">{t('heldText', { why })}</p>
      <dl className="mt-2 grid grid-cols-[1fr_auto] gap-x-4 gap-y-0.5 tabular-nums">
        <Figure term={t('heldFree')}>{bytes(free)}</Figure>
        {why !== 'others' && <Figure term={t('heldUntil')}>{bytes(hold.until)}</Figure>}
        {missing > 0 && (
          <Figure term={t('heldMissing')}>
            <span className="font-medium text-warn">{bytes(missing)}</span>
          </Figure>
        )}
      </dl>
      {why !== 'others' && <Bar tone="warn" share={free / hold.until} className="mt-2" />}
      {(queued > 0 || hold.least === null) && (
        <p className="mt-2 text-muted">
          {hold.least === null && t('heldAnyway')} {queued > 0 && t('heldQueue', { count: queued })}
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
