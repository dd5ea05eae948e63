'use client';

import { useTranslations } from 'next-intl';
import type { Operation } from '../../model/operation/operation.ts';
import { operationAddress, subjectAddress } from '../address/operation.ts';
import { useProblemText } from '../problem/problem-text.ts';
import { Link } from '../ui/link.tsx';
import { cellClass, Table, TableRow } from '../ui/table.tsx';
import { Time } from '../ui/time.tsx';
import { useQuantity } from '../ui/use-quantity.ts';
import { diskName } from './disk-name.ts';
import { movedOnly } from './only-memory-moved.ts';
import { OperationStateMark } from './operation-state.tsx';
import { useWhat } from './operation-texts.ts';
import { useTook } from './use-took.ts';

const WIDE = { from: 'md' } as const;
const FIGURE = { from: 'md', right: true } as const;

export function HistoryTable({ operations }: { operations: readonly Operation[] }) {
  const t = useTranslations('operations');
  return (
    <Table
      columns={[
        { key: 'state', text: t('stateHead') },
        { key: 'guest', text: t('guest') },
        { key: 'what', text: t('what') },
        { key: 'host', text: t('host'), ...WIDE },
        { key: 'actor', text: t('actor'), ...WIDE },
        { key: 'created', text: t('created'), ...WIDE },
        { key: 'duration', text: t('duration'), ...FIGURE },
        { key: 'copied', text: t('copiedHead'), ...FIGURE },
      ]}
    >
      {operations.map((operation) => (
        <HistoryRow key={operation.id} operation={operation} />
      ))}
    </Table>
  );
}

function HistoryRow({ operation }: { operation: Operation }) {
  const t = useTranslations('operations');
  const what = useWhat()(operation);
  const problemText = useProblemText();
  const quantity = useQuantity();
  const took = useTook()(operation);
  const { grownBy: copied, problem, plan } = operation;
  const { predicted } = plan.cost;
  return (
    <TableRow top>
      <td>
        <OperationStateMark operation={operation} />
      </td>
      <td className="whitespace-nowrap">
        <Link href={subjectAddress(operation)} variant="name" className="font-medium">
          {diskName(operation)}
        </Link>
      </td>
      <td className="wrap-anywhere">
        <Link href={operationAddress(operation.id)}>{what}</Link>
        {problem !== null && <p className="text-muted">{problemText(problem)}</p>}
        <p className="text-2xs text-muted md:hidden">
          <Time at={operation.createdAt} />
        </p>
      </td>
      <td className={cellClass(WIDE, 'text-muted')}>{operation.hostName}</td>
      <td className={cellClass(WIDE, 'text-muted')}>{operation.actor}</td>
      <td className={cellClass(WIDE, 'whitespace-nowrap text-muted')}>
        <Time at={operation.createdAt} />
      </td>
      <td className={cellClass(FIGURE, 'whitespace-nowrap')}>{took ?? '–'}</td>
      <td className={cellClass(FIGURE, 'whitespace-nowrap')}>
        {copied !== null ? quantity.bytes(copied) : movedOnly(operation) ? t('memoryOnly') : '–'}
        {predicted != null && predicted.basis !== 'allocations' && (
          <p className="text-2xs text-muted">
            {t('predictedWas', { size: quantity.bytes(predicted.likely) })}
          </p>
        )}
      </td>
    </TableRow>
  );
}
