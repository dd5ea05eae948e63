'use client';

import { useQuery } from '@tanstack/react-query';
import { usePathname, useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import type { Operation } from '../../model/operation.ts';
import { useTRPC } from '../live/trpc.ts';
import { EmptyState } from '../shell/empty-state.tsx';
import { Button } from '../ui/button.tsx';
import { filterFrom, filterQuery, type HistoryFilter, matches } from './history-filter.ts';
import { HistoryFilters } from './history-filters.tsx';
import { HISTORY } from './history-query.ts';
import { HistoryTable } from './history-table.tsx';

/** What was done, the newest first. */
export function HistoryPage({ initial }: { initial: readonly Operation[] }) {
  const t = useTranslations('operations');
  const path = usePathname();
  const filter = filterFrom(useSearchParams());
  const { data } = useQuery(useTRPC().operations.list.queryOptions(HISTORY, { initialData: initial }));
  const all = data.toSorted((a, b) => b.createdAt - a.createdAt);
  const shown = all.filter((operation) => matches(filter, operation));

  /** Only the address changes; all of the list is already here. */
  function choose(chosen: HistoryFilter) {
    window.history.replaceState(null, '', path + filterQuery(chosen));
  }

  return (
    <div className="p-5">
      <div className="mb-4 flex flex-wrap items-center gap-x-6 gap-y-2">
        <h1 className="text-lg font-semibold">{t('title')}</h1>
        {all.length > 0 && <HistoryFilters operations={all} filter={filter} onChange={choose} />}
      </div>
      {all.length === 0 ? (
        <EmptyState title={t('nothing')}>{t('nothingText')}</EmptyState>
      ) : shown.length === 0 ? (
        <EmptyState
          title={t('noMatch')}
          action={
            <Button onClick={() => choose({ host: '', guest: '', state: '' })}>{t('clearFilter')}</Button>
          }
        >
          {t('noMatchText')}
        </EmptyState>
      ) : (
        <HistoryTable operations={shown} />
      )}
    </div>
  );
}
