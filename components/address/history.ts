import { addressOf } from './params.ts';

/** What of the history to show; an empty text matches everything. */
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

/** The page of all operations that a filter lets through. */
export function historyAddress(filter: HistoryFilter = NO_FILTER): string {
  const params = Object.entries(filter).map(([name, value]) => [name, value === '' ? null : value]);
  return addressOf('/operations', Object.fromEntries(params));
}
