'use client';

import { useTranslations } from 'next-intl';
import { memo } from 'react';
import type { Operation } from '../../model/operation/operation.ts';
import { mostNow } from '../../model/operation/step-at-hand.ts';
import { operationAddress, subjectAddress } from '../address/operation.ts';
import { useProgress } from '../live/use-operations.ts';
import { Bar } from '../ui/bar.tsx';
import { Link } from '../ui/link.tsx';
import { useQuantity } from '../ui/use-quantity.ts';
import { Cancel } from './cancel.tsx';
import { diskName } from './disk-name.ts';
import { Limit } from './limit.tsx';
import { OperationStateMark } from './operation-state.tsx';
import { useWhat } from './operation-texts.ts';
import { ProgressFigures } from './progress-figures.tsx';
import { Resume } from './resume.tsx';
import { shareDone } from './share-done.ts';
import { useShownState } from './shown-state.ts';
import { StepMark } from './step-mark.tsx';

/** One operation under way. It reads its own progress, so that a sample draws this row and nothing else. */
export const DrawerRow = memo(function Row({ operation }: { operation: Operation }) {
  const t = useTranslations('operations');
  const quantity = useQuantity();
  const what = useWhat()(operation);
  const progress = useProgress(operation);
  const share = shareDone(progress, mostNow(operation))?.share ?? null;
  const shown = useShownState()(operation);
  const disk = diskName(operation);
  const quarter = share === null ? 0 : Math.floor(share * 4) / 4;
  return (
    <li className="flex flex-wrap items-center gap-x-3.5 gap-y-0.5 md:min-h-8 md:flex-nowrap">
      {shown !== 'running' && <OperationStateMark operation={operation} />}
      <Link href={subjectAddress(operation)} variant="name" className="shrink-0 font-medium">
        {disk}
      </Link>
      <Link href={operationAddress(operation.id)} variant="quiet" className="min-w-0 truncate max-lg:hidden">
        {what}
      </Link>
      <StepMark operation={operation} />
      <Bar
        share={share}
        tone={shown === 'paused' || shown === 'unreachable' ? 'warn' : 'accent'}
        label={t('progressOf', { what, disk })}
        className="order-last w-full md:order-none md:w-auto md:min-w-16 md:max-w-72 md:flex-1"
      />
      <span className="order-last flex flex-wrap gap-x-3.5 md:order-none md:flex-nowrap md:whitespace-nowrap">
        <ProgressFigures operation={operation} progress={progress} brief />
      </span>
      <span className="ml-auto flex shrink-0">
        <Resume operation={operation} progress={progress} />
        <Limit operation={operation} side="top" />
        <Cancel operation={operation} />
      </span>
      <span aria-live="polite" className="sr-only">
        {quarter > 0 && t('said', { disk, share: quantity.share(quarter) })}
      </span>
    </li>
  );
});
