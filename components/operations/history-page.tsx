'use client';

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Operation, OperationFacets } from '../../model/operation/operation.ts';
import { correctTo } from '../address/go.ts';
import { filterFrom, type HistoryFilter, historyAddress, NO_FILTER } from '../address/history.ts';
import { problemOf } from '../live/problem-of.ts';
import { useTRPC } from '../live/trpc.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { HistoryFilters } from './history-filters.tsx';
import { historyInput, PAGE } from './history-input.ts';
import { HistoryTable } from './history-table.tsx';

/** What was done, the newest first. */
export function HistoryPage({
  initial,
  initialFacets,
}: {
  /** What the address asked for when the page was made. */
  initial: readonly Operation[];
  initialFacets: OperationFacets;
}) {
  const t = useTranslations('operations');
  const api = useTRPC();
  const filter = filterFrom(useSearchParams());
  const chosen = historyAddress(filter);
  const [first] = useState(chosen);
  const { data: facets } = useQuery(
    api.operations.facets.queryOptions(undefined, { initialData: initialFacets, refetchOnMount: 'always' }),
  );
  const { data, error, isFetching, hasNextPage, fetchNextPage } = useInfiniteQuery({
    ...api.operations.list.infiniteQueryOptions(historyInput(filter), {
      initialCursor: null,
      getNextPageParam: (page) => {
        const last = page.length === PAGE ? page.at(-1) : undefined;
        return last && { id: last.id, createdAt: last.createdAt };
      },
    }),
    // The stream reported what happened while the page loaded before this component listened.
    refetchOnMount: 'always',
    ...(chosen === first ? { initialData: { pages: [initial], pageParams: [null] } } : {}),
    placeholderData: keepPreviousData,
  });
  const shown = data?.pages.flat() ?? [];

  const choose = (next: HistoryFilter) => correctTo(historyAddress(next));

  return (
    <div className="p-5">
      <div className="mb-4 flex flex-wrap items-center gap-x-6 gap-y-2">
        <h1 className="text-lg font-semibold">{t('title')}</h1>
        {facets.guests.length > 0 && <HistoryFilters facets={facets} filter={filter} onChange={choose} />}
      </div>
      {error && <ProblemNote role="alert" problem={problemOf(error)} className="mb-4" />}
      {shown.length > 0 ? (
        <HistoryTable operations={shown} />
      ) : chosen === historyAddress() ? (
        <EmptyState title={t('nothing')}>{t('nothingText')}</EmptyState>
      ) : (
        <EmptyState
          title={t('noMatch')}
          action={<Button onClick={() => choose(NO_FILTER)}>{t('clearFilter')}</Button>}
        >
          {t('noMatchText')}
        </EmptyState>
      )}
      {hasNextPage && (
        <Button className="mt-4" disabled={isFetching} onClick={() => void fetchNextPage()}>
          {t('older')}
        </Button>
      )}
    </div>
  );
}
