'use client';

import { useTranslations } from 'next-intl';
import { timeLeft } from '../../model/cost/eta.ts';
import type { MemoryProgress, Operation, Progress, WorkDone } from '../../model/operation/operation.ts';
import { mostNow } from '../../model/operation/step-at-hand.ts';
import { classNames } from '../ui/class-names.ts';
import { useQuantity } from '../ui/use-quantity.ts';
import { PauseText } from './pause-text.tsx';
import { QueueText } from './queue-texts.tsx';
import { shareDone } from './share-done.ts';
import { useShownState } from './shown-state.ts';

/** Bytes, position, rate and what is left, as far as each is known. */
export function ProgressFigures({
  operation,
  progress,
  brief = false,
  pauseShown = false,
}: {
  operation: Operation;
  progress: Progress | null;
  /** Leaves out what does not fit into a narrow window. */
  brief?: boolean;
  /** Says nothing of the free space that it waits for, since that is shown beside. */
  pauseShown?: boolean;
}) {
  const t = useTranslations('operations');
  const quantity = useQuantity();
  const atMost = mostNow(operation);
  const shown = useShownState()(operation);
  if (operation.state === 'queued') return <QueueText operation={operation} />;
  const { paused = null, waitsFor = null } = operation;
  if (waitsFor !== null) return <span className="text-muted">{t('waitsBeside', { ...waitsFor })}</span>;
  // The last rate means nothing for work that is paused or unreachable.
  const gets = shown === 'running' || shown === 'cancelling';
  const waits = paused && !pauseShown ? <PauseText pause={paused} progress={progress} /> : null;
  if (progress === null || progress.size === 0)
    return paused ? waits : <span className="text-muted">{t('starting')}</span>;

  const { grownBy: copied, rate, position, size, memory, work } = progress;
  if (memory !== null) return <MemoryFigures memory={memory} />;
  if (work !== null && work.total > 0)
    return (
      <>
        <WorkFigures work={gets ? work : { ...work, rate: null, left: null }} />
        {waits}
      </>
    );
  const remaining = shareDone(progress, atMost)?.remaining ?? 0;
  const left = gets && rate !== null && copied !== null ? timeLeft(remaining, rate) : null;
  return (
    <>
      {copied !== null && (
        <span>
          <Copied copied={copied} atMost={atMost} />
        </span>
      )}
      <span
        // Where the bytes are unknown, the position is all there is to show.
        className={classNames(
          copied !== null && 'text-muted',
          copied !== null && brief && (paused === null ? 'max-xl:hidden' : 'hidden'),
        )}
        title={t('positionHint')}
      >
        {t('position', { position: quantity.bytes(position), size: quantity.bytes(size) })}
      </span>
      {waits}
      {gets && rate !== null && <span className="text-muted">{quantity.rate(rate)}</span>}
      {left !== null && <span className="text-muted">{t('left', { time: quantity.duration(left) })}</span>}
    </>
  );
}

/** What there is to copy, how much of it is done, and when it will be. */
function WorkFigures({ work: { done, total, rate, left, withZeros } }: { work: WorkDone }) {
  const t = useTranslations('operations');
  const quantity = useQuantity();
  return (
    <>
      <span title={withZeros ? t('withZerosHint') : undefined}>
        {t(withZeros ? 'workWithZeros' : 'workOf', doneOf(quantity, done, total))}
      </span>
      {rate !== null && <span className="text-muted">{quantity.rate(rate)}</span>}
      {left !== null && (
        <span className="text-muted">{t('aboutLeft', { time: quantity.duration(left) })}</span>
      )}
    </>
  );
}

/** A part and its whole, the unit once where both have the same. */
function doneOf(quantity: ReturnType<typeof useQuantity>, part: number, whole: number) {
  const [done, all] = [quantity.bytesParts(part), quantity.bytesParts(whole)];
  return {
    copied: done.unit === all.unit ? done.number : `${done.number} ${done.unit}`,
    most: `${all.number} ${all.unit}`,
  };
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
  return t('copiedOf', doneOf(quantity, copied, atMost));
}
