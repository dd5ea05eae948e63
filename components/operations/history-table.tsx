'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { Operation } from '../../model/operation.ts';
import { operationAddress } from '../guest/disk-address.ts';
import { useProblemText } from '../problem/problem-text.ts';
import { Time } from '../ui/time.tsx';
import { useQuantity } from '../ui/use-quantity.ts';
import { diskName } from './disk-name.ts';
import { OperationStateMark } from './operation-state.tsx';
import { useWhat } from './operation-words.ts';

export function HistoryTable({ operations }: { operations: readonly Operation[] }) {
  const t = useTranslations('operations');
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-left">
        <thead className="text-2xs text-muted">
          <tr className="border-b border-line *:py-1.5 *:pr-4 *:font-semibold">
            <th scope="col">{t('stateHead')}</th>
            <th scope="col">{t('guest')}</th>
            <th scope="col">{t('what')}</th>
            <th scope="col" className="max-md:hidden">
              {t('host')}
            </th>
            <th scope="col" className="max-md:hidden">
              {t('actor')}
            </th>
            <th scope="col" className="max-md:hidden">
              {t('created')}
            </th>
            <th scope="col" className="text-right max-md:hidden">
              {t('duration')}
            </th>
            <th scope="col" className="text-right max-md:hidden">
              {t('copiedHead')}
            </th>
          </tr>
        </thead>
        <tbody>
          {operations.map((operation) => (
            <HistoryRow key={operation.id} operation={operation} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function HistoryRow({ operation }: { operation: Operation }) {
  const what = useWhat()(operation);
  const problemText = useProblemText();
  const quantity = useQuantity();
  const { startedAt, endedAt, copied, problem } = operation;
  return (
    <tr className="border-b border-line align-top *:py-1.5 *:pr-4 hover:bg-hover">
      <td>
        <OperationStateMark state={operation.state} />
      </td>
      <td className="whitespace-nowrap">
        <Link href={operationAddress(operation)} prefetch={false} className="font-medium hover:text-accent">
          {diskName(operation)}
        </Link>
      </td>
      <td className="wrap-anywhere">
        <Link href={`/operations/${operation.id}`} prefetch={false} className="text-accent hover:underline">
          {what}
        </Link>
        {problem !== null && <p className="text-muted">{problemText(problem)}</p>}
        <p className="text-2xs text-muted md:hidden">
          <Time at={operation.createdAt} />
        </p>
      </td>
      <td className="text-muted max-md:hidden">{operation.hostName}</td>
      <td className="text-muted max-md:hidden">{operation.actor}</td>
      <td className="whitespace-nowrap text-muted max-md:hidden">
        <Time at={operation.createdAt} />
      </td>
      <td className="text-right whitespace-nowrap max-md:hidden">
        {startedAt !== null && endedAt !== null ? quantity.duration(endedAt - startedAt) : '–'}
      </td>
      <td className="text-right whitespace-nowrap max-md:hidden">
        {copied === null ? '–' : quantity.bytes(copied)}
      </td>
    </tr>
  );
}
