'use client';

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { usePathname, useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Operation, OperationFacets } from '../../model/operation/operation.ts';
import { problemOf } from '../live/problem-of.ts';
import { useTRPC } from '../live/trpc.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { EmptyState } from '../shell/empty-state.tsx';
import { correctTo } from '../ui/address.ts';
import { Button } from '../ui/button.tsx';
import {
  filterFrom,
  filterQuery,
  type HistoryFilter,
  historyInput,
  NO_FILTER,
  PAGE,
} from './history-filter.ts';
import { HistoryFilters } from './history-filters.tsx';
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
  const path = usePathname();
  const filter = filterFrom(useSearchParams());
  const chosen = filterQuery(filter);
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
    // What happened while the page was on its way, the stream told before this was there to hear it.
    refetchOnMount: 'always',
    ...(chosen === first ? { initialData: { pages: [initial], pageParams: [null] } } : {}),
    placeholderData: keepPreviousData,
  });
  const shown = data?.pages.flat() ?? [];

  const choose = (next: HistoryFilter) => correctTo(path + filterQuery(next));

  return (
    <div className="p-5">
      <div className="mb-4 flex flex-wrap items-center gap-x-6 gap-y-2">
        <h1 className="text-lg font-semibold">{t('title')}</h1>
        {facets.guests.length > 0 && <HistoryFilters facets={facets} filter={filter} onChange={choose} />}
      </div>
      {error && <ProblemNote role="alert" problem={problemOf(error)} className="mb-4" />}
      {shown.length > 0 ? (
        <HistoryTable operations={shown} />
      ) : chosen === '' ? (
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
