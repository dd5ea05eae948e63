import type { QueryClient } from '@tanstack/react-query';
import type { TRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { isOver, type Operation, type Progress } from '../../model/operation/operation.ts';
import type { OperationEvent, StreamEvent } from '../../model/operation/stream-event.ts';
import type { AppRouter } from '../../server/api/router.ts';
import { fleetAfter, replaced } from './fleet-list.ts';
import { detailAfter } from './operation-detail.ts';
import { UNFINISHED } from './unfinished-operations.ts';

export const progressKey = (operationId: string) => ['progress', operationId] as const;

type News = Exclude<StreamEvent, { kind: 'hello' }>;

/** What the streams reported while lists were read again: the answers may be older than that. */
const late = new WeakMap<QueryClient, Set<News[]>>();

/** Puts what the stream says into the cache that every component reads. */
export function feed(cache: QueryClient, api: TRPCOptionsProxy<AppRouter>, event: StreamEvent): void {
  if (event.kind === 'hello') {
    void greet(cache, api, event.revision);
    return;
  }
  for (const events of late.get(cache) ?? []) events.push(event);
  apply(cache, api, event);
}

function apply(cache: QueryClient, api: TRPCOptionsProxy<AppRouter>, event: News): void {
  switch (event.kind) {
    case 'operation':
      feedOperation(cache, api, event);
      return;
    case 'progress':
      cache.setQueryData<Progress>(progressKey(event.progress.operationId), event.progress);
      return;
    default:
      cache.setQueryData(api.guests.list.queryKey(), (fleet) => fleet && fleetAfter(fleet, event));
  }
}

/** Reads again what may have changed while nobody listened, and puts what the stream says meanwhile on top. */
async function greet(cache: QueryClient, api: TRPCOptionsProxy<AppRouter>, revision: string): Promise<void> {
  const events: News[] = [];
  const readings = late.get(cache) ?? new Set();
  late.set(cache, readings.add(events));
  const known = cache.getQueryData(api.guests.list.queryKey());
  await Promise.all([
    known?.revision !== revision && cache.invalidateQueries(api.guests.list.queryFilter()),
    cache.invalidateQueries(api.operations.list.queryFilter(UNFINISHED)),
  ]);
  readings.delete(events);
  for (const event of events) apply(cache, api, event);
}

function feedOperation(cache: QueryClient, api: TRPCOptionsProxy<AppRouter>, event: OperationEvent): void {
  const { operation } = event;
  const underWay = api.operations.list.queryKey(UNFINISHED);
  cache.setQueryData(underWay, (list) => list && underWayAfter(list, operation));
  feedDetail(cache, api, event);
  if (isOver(operation)) cache.removeQueries({ queryKey: progressKey(operation.id) });
  // Lists of the past are not in the stream; a page that shows one reads it again.
  void cache.invalidateQueries({
    ...api.operations.list.pathFilter(),
    predicate: (query) => JSON.stringify(query.queryKey) !== JSON.stringify(underWay),
  });
}

function feedDetail(cache: QueryClient, api: TRPCOptionsProxy<AppRouter>, event: OperationEvent): void {
  const { operation } = event;
  const key = api.operations.get.queryKey({ id: operation.id });
  const detail = cache.getQueryData(key);
  const after = detail === undefined ? null : detailAfter(detail, event);
  if (after === detail) return;
  // An answer that is on its way may be older than this entry, and would take its place.
  const isBeingRead = cache.getQueryState(key)?.fetchStatus !== 'idle';
  if (after !== null && !isBeingRead) {
    cache.setQueryData(key, after);
    return;
  }
  cache.setQueryData(key, (known) => known && { ...known, operation });
  void cache.invalidateQueries(api.operations.get.queryFilter({ id: operation.id }));
}

/** The operations under way after one of them changed, in no order: `oldestFirst` makes one. */
export function underWayAfter(list: readonly Operation[], operation: Operation): readonly Operation[] {
  if (isOver(operation)) return list.filter((other) => other.id !== operation.id);
  return replaced(list, operation, (other) => other.id === operation.id);
}
