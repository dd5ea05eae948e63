'use client';

import { useTranslations } from 'next-intl';
import type { MemoryProgress, Operation, Progress } from '../../model/operation.ts';
import { classNames } from '../ui/class-names.ts';
import { useQuantity } from '../ui/use-quantity.ts';
import { shareDone } from './share-done.ts';

/** Bytes, position, rate and what is left, as far as each is known. */
export function ProgressFigures({
  operation,
  progress,
  brief = false,
}: {
  operation: Operation;
  progress: Progress | null;
  /** Leaves out what a narrow window has no room for. */
  brief?: boolean;
}) {
  const t = useTranslations('operations');
  const quantity = useQuantity();
  const { atMost } = operation.plan.cost;
  if (operation.state === 'queued') return <span className="text-muted">{t('waiting')}</span>;
  if (progress === null || progress.size === 0) return <span className="text-muted">{t('starting')}</span>;

  const { copied, rate, position, size, memory } = progress;
  if (memory !== null) return <MemoryFigures memory={memory} />;
  const remaining = shareDone(progress, atMost)?.remaining ?? 0;
  return (
    <>
      {copied !== null && (
        <span>
          <Copied copied={copied} atMost={atMost} />
        </span>
      )}
      <span
        // Where nobody can tell the bytes, it is all there is to tell.
        className={classNames(copied !== null && 'text-muted', copied !== null && brief && 'max-xl:hidden')}
        title={t('positionHint')}
      >
        {t('position', { position: quantity.bytes(position), size: quantity.bytes(size) })}
      </span>
      {rate !== null && <span className="text-muted">{quantity.rate(rate)}</span>}
      {rate !== null && rate > 0 && copied !== null && (
        <span className="text-muted">
          {t('left', { time: quantity.duration((remaining / rate) * 1000) })}
        </span>
      )}
    </>
  );
}

/** What a guest's memory does while it migrates. */
function MemoryFigures({ memory }: { memory: MemoryProgress }) {
  const t = useTranslations('operations');
  const quantity = useQuantity();
  const { remaining, total, dirtyRate, downtime } = memory;
  return (
    <>
      <span>{t('memoryLeft', { remaining: quantity.bytes(remaining), total: quantity.bytes(total) })}</span>
      {dirtyRate !== null && (
        <span className="text-muted">{t('dirtyRate', { rate: quantity.rate(dirtyRate) })}</span>
      )}
      {downtime !== null && (
        <span className="text-muted">{t('downtime', { time: quantity.duration(downtime) })}</span>
      )}
    </>
  );
}

function Copied({ copied, atMost }: { copied: number; atMost: number | null }) {
  const t = useTranslations('operations');
  const quantity = useQuantity();
  if (atMost === null) return quantity.bytes(copied);
  const done = quantity.bytesParts(copied);
  const most = quantity.bytesParts(atMost);
  return t('copiedOf', {
    copied: done.unit === most.unit ? done.number : `${done.number} ${done.unit}`,
    most: `${most.number} ${most.unit}`,
  });
}
