'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { takesSpeed } from '../../model/kinds/step-work.ts';
import { freedBy } from '../../model/operation/freed.ts';
import { imagesLeft } from '../../model/operation/images-left.ts';
import { isOver, type Operation } from '../../model/operation/operation.ts';
import { Time } from '../ui/time.tsx';
import { useQuantity } from '../ui/use-quantity.ts';
import { movedOnly } from './only-memory-moved.ts';
import { useTook } from './use-took.ts';

/** Who asked for it, when, and what came of it. */
export function OperationFacts({ operation }: { operation: Operation }) {
  const t = useTranslations('operations');
  const quantity = useQuantity();
  const { plan, startedAt, grownBy: copied, bandwidth, onFull = 'pause' } = operation;
  const { atMost, predicted } = plan.cost;
  const took = useTook()(operation);
  const freed = freedBy(operation);
  const [disk] = plan.disks;
  const left = imagesLeft(operation);
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
      <Fact term={t('host')}>{operation.hostName}</Fact>
      <Fact term={t('actor')}>{operation.actor}</Fact>
      <Fact term={t('created')}>
        <Time at={operation.createdAt} />
      </Fact>
      {startedAt !== null && (
        <Fact term={t('started')}>
          <Time at={startedAt} />
        </Fact>
      )}
      {took !== null && <Fact term={t('duration')}>{took}</Fact>}
      {copied !== null && <Fact term={t('copiedHead')}>{quantity.bytes(copied)}</Fact>}
      {movedOnly(operation) && <Fact term={t('copiedHead')}>{t('memoryOnly')}</Fact>}
      {freed !== null && <Fact term={t('freedHead')}>{quantity.bytes(freed)}</Fact>}
      {predicted != null && predicted.basis !== 'allocations' && (
        <Fact term={t('predictedHead')}>
          {predicted.least === predicted.most
            ? quantity.bytes(predicted.likely)
            : t('predictedAbout', {
                size: quantity.bytes(predicted.likely),
                least: quantity.bytes(predicted.least),
                most: quantity.bytes(predicted.most),
              })}
        </Fact>
      )}
      {predicted?.moved !== undefined && <Fact term={t('movedHead')}>{quantity.bytes(predicted.moved)}</Fact>}
      {atMost !== null && <Fact term={t('atMost')}>{quantity.bytes(atMost)}</Fact>}
      {plan.steps.some(takesSpeed) && (
        <Fact term={t('onFullHead')}>{t('onFullChoice', { choice: onFull })}</Fact>
      )}
      <Fact term={t('limitHead')}>{bandwidth === 0 ? t('limitNone') : quantity.rate(bandwidth)}</Fact>
      {isOver(operation) && disk && left !== null && (
        <Fact term={t('chain')}>
          {t('chainChange', {
            before: disk.now.images.length,
            after: left,
          })}
        </Fact>
      )}
    </dl>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{term}</dt>
      <dd className="text-right wrap-anywhere">{children}</dd>
    </>
  );
}
