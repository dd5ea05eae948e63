'use client';

import { useTranslations } from 'next-intl';
import type { Operation, Progress } from '../../model/operation/operation.ts';
import { mostNow } from '../../model/operation/step-at-hand.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { Bar } from '../ui/bar.tsx';
import { classNames } from '../ui/class-names.ts';
import { Cancel } from './cancel.tsx';
import { diskName } from './disk-name.ts';
import { Limit } from './limit.tsx';
import { useWhat } from './operation-texts.ts';
import { PausedNote } from './paused-note.tsx';
import { ProgressFigures } from './progress-figures.tsx';
import { Resume } from './resume.tsx';
import { shareDone } from './share-done.ts';
import { useShownState } from './shown-state.ts';

/** How far an operation is, with what can be done about it. */
export function OperationProgress({
  operation,
  progress,
}: {
  operation: Operation;
  progress: Progress | null;
}) {
  const t = useTranslations('operations');
  const what = useWhat()(operation);
  const share = shareDone(progress, mostNow(operation))?.share ?? null;
  const { paused = null, unreachable = null } = operation;
  const shown = useShownState()(operation);
  return (
    <div>
      {paused && (
        <div className="mb-4">
          <PausedNote operation={operation} pause={paused} progress={progress} />
        </div>
      )}
      {unreachable && <ProblemNote tone="warn" problem={unreachable} className="mb-4" />}
      <Bar
        tone={shown === 'paused' || shown === 'unreachable' ? 'warn' : 'accent'}
        share={share}
        label={t('progressOf', { what, disk: diskName(operation) })}
      />
      <p className="mt-2 flex flex-wrap gap-x-3.5 gap-y-0.5">
        <ProgressFigures operation={operation} progress={progress} pauseShown />
      </p>
      <div className={classNames('mt-2 flex flex-wrap gap-1', !paused && '-ml-2.5')}>
        <Resume operation={operation} progress={progress} variant="plain" />
        <Limit operation={operation} side="bottom" />
        <Cancel operation={operation} />
      </div>
    </div>
  );
}
