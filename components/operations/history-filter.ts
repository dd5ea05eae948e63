import type { Operation, OperationState } from '../../model/operation.ts';

export const STATES = [
  'queued',
  'running',
  'cancelling',
  'succeeded',
  'failed',
  'cancelled',
] as const satisfies readonly OperationState[];

/** What of the history to show; empty texts match everything. The query of the page says it. */
export interface HistoryFilter {
  readonly host: string;
  readonly guest: string;
  readonly state: string;
}

export function filterFrom(query: URLSearchParams): HistoryFilter {
  return {
    host: query.get('host') ?? '',
    guest: query.get('guest') ?? '',
    state: query.get('state') ?? '',
  };
}

export function filterQuery(filter: HistoryFilter): string {
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ''));
  return query.size === 0 ? '' : `?${query}`;
}

export function matches(filter: HistoryFilter, { plan: { guest }, state }: Operation): boolean {
  return (
    (filter.host === '' || filter.host === guest.hostId) &&
    (filter.guest === '' || filter.guest === guest.uuid) &&
    (filter.state === '' || filter.state === state)
  );
}
