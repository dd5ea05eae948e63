import { OPERATION_STATES, type OperationState } from '../../model/operation/operation.ts';

/** What of the history to show; empty texts match everything. The query of the page says it. */
export interface HistoryFilter {
  readonly host: string;
  readonly guest: string;
  readonly state: string;
  readonly actor: string;
}

export const NO_FILTER: HistoryFilter = { host: '', guest: '', state: '', actor: '' };

export function filterFrom(query: URLSearchParams): HistoryFilter {
  const of = (name: keyof HistoryFilter) => query.get(name) ?? '';
  return { host: of('host'), guest: of('guest'), state: of('state'), actor: of('actor') };
}

export function filterQuery(filter: HistoryFilter): string {
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ''));
  return query.size === 0 ? '' : `?${query}`;
}

/** So many operations at once; more are asked for. */
export const PAGE = 100;

/** What the server is asked for: the newest operations, over or not. What can't be a state or a UUID matches everything. */
export function historyInput({ host, guest, state, actor }: HistoryFilter) {
  const known: OperationState | undefined = OPERATION_STATES.find((one) => one === state);
  return {
    limit: PAGE,
    ...(host === '' ? {} : { hostId: host }),
    ...(UUID.test(guest) ? { uuid: guest } : {}),
    ...(known === undefined ? {} : { state: known }),
    ...(actor === '' ? {} : { actor }),
  };
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
