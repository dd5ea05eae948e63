'use client';

import { useTranslations } from 'next-intl';
import { commandsOf } from '../../model/kinds/commands.ts';
import type { Operation, Progress } from '../../model/operation/operation.ts';
import { operationAddress } from '../address/operation.ts';
import { Link } from '../ui/link.tsx';
import { Commands } from './commands.tsx';
import { OperationFacts } from './operation-facts.tsx';
import { OperationProgress } from './operation-progress.tsx';
import { OperationStateMark } from './operation-state.tsx';
import { useWhat } from './operation-texts.ts';
import { StepList } from './step-list.tsx';

/** The operation under way on the disk in view. */
export function OperationPanel({ operation, progress }: { operation: Operation; progress: Progress | null }) {
  const t = useTranslations('operations');
  const what = useWhat()(operation);
  return (
    <div className="flex flex-col gap-5 p-4">
      <div>
        <h2 className="text-lg font-semibold wrap-anywhere first-letter:uppercase">{what}</h2>
        <p className="mt-0.5">
          <OperationStateMark operation={operation} />
        </p>
      </div>
      <OperationProgress operation={operation} progress={progress} />
      <StepList operation={operation} />
      <OperationFacts operation={operation} />
      <Commands commands={commandsOf(operation.plan, operation.bandwidth)} />
      <Link href={operationAddress(operation.id)} className="self-start">
        {t('journal')}
      </Link>
    </div>
  );
}
