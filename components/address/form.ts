import { withParams } from './params.ts';

/** Name of the form that is open beside the chain; `null` for none. */
export function formFrom(query: URLSearchParams): string | null {
  return query.get('do');
}

/** The query with another form open, or none; the rest of it stays. */
export function withForm(query: URLSearchParams, name: string | null): string {
  return withParams(query, { do: name });
}

/** The query with no form open and nothing picked: what a disk's page has at first. The view stays. */
export function withoutIntent(query: URLSearchParams): string {
  return withParams(query, { do: null, image: null });
}
