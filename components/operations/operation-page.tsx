'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { commandsOf } from '../../model/kinds/commands.ts';
import { leavesImages } from '../../model/operation/left-behind.ts';
import { isOver } from '../../model/operation/operation.ts';
import { leftoversAddress } from '../address/leftovers.ts';
import { subjectAddress } from '../address/operation.ts';
import type { OperationDetail } from '../live/operation-detail.ts';
import { useTRPC } from '../live/trpc.ts';
import { useProgress } from '../live/use-operations.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { Copy } from '../ui/copy.tsx';
import { Link } from '../ui/link.tsx';
import { useKeptFocus } from '../ui/use-kept-focus.ts';
import { Commands } from './commands.tsx';
import { diskName } from './disk-name.ts';
import { Journal } from './journal.tsx';
import { OperationFacts } from './operation-facts.tsx';
import { OperationProgress } from './operation-progress.tsx';
import { OperationStateMark } from './operation-state.tsx';
import { useWhat } from './operation-texts.ts';
import { StepList } from './step-list.tsx';
import { Undo } from './undo.tsx';

/** One operation with all that is known of it, live while it runs. */
export function OperationPage({ initial }: { initial: OperationDetail }) {
  const t = useTranslations('operations');
  const ui = useTranslations('ui');
  const { id } = initial.operation;
  const api = useTRPC();
  const { data } = useQuery(
    // The stream reported what happened while the page loaded before this component listened.
    api.operations.get.queryOptions({ id }, { initialData: initial, refetchOnMount: 'always' }),
  );
  const { operation, entries } = data;
  const progress = useProgress(operation);
  const what = useWhat()(operation);
  const disk = diskName(operation);
  const main = useKeptFocus<HTMLDivElement>(operation.state);
  return (
    <div className="grid min-h-full lg:h-full lg:grid-cols-[minmax(0,1fr)_335px]">
      <div
        ref={main}
        tabIndex={-1}
        className="flex min-w-0 flex-col -outline-offset-2 gap-6 p-5 lg:overflow-y-auto"
      >
        <div>
          <h1 className="text-lg font-semibold wrap-anywhere first-letter:uppercase">{what}</h1>
          <p className="mt-0.5 flex flex-wrap gap-x-4">
            <OperationStateMark operation={operation} />
            <Link href={subjectAddress(operation)}>{t('toGuest', { disk })}</Link>
            {leavesImages(operation) && (
              <Link href={leftoversAddress(operation.plan.hostId)}>{t('toLeftovers')}</Link>
            )}
            <Undo operation={operation} />
            <Copy
              text={() => window.location.href}
              label={t('copyLink')}
              done={ui('copied')}
              failed={ui('copyFailed')}
            />
          </p>
        </div>
        {operation.problem !== null && <ProblemNote problem={operation.problem} />}
        {!isOver(operation) && (
          <div className="max-w-2xl">
            <OperationProgress operation={operation} progress={progress} />
          </div>
        )}
        <Journal plan={operation.plan} entries={entries} />
      </div>
      <aside className="flex min-w-0 flex-col gap-5 border-line bg-panel p-4 max-lg:border-t lg:overflow-y-auto lg:border-l">
        <OperationFacts operation={operation} />
        <StepList operation={operation} />
        <Commands commands={commandsOf(operation.plan, operation.bandwidth)} />
      </aside>
    </div>
  );
}
