/** The image picked as the base, as the query says it: absent for none picked, empty for no base left. */
const NAME = 'image';

export function baseFrom(query: URLSearchParams): string | null | undefined {
  const value = query.get(NAME);
  return value === null ? undefined : value === '' ? null : value;
}

/** The query with another base picked; the rest of it stays. Ends up as `?…`, or empty. */
export function withBase(query: URLSearchParams, base: string | null | undefined): string {
  const next = new URLSearchParams(query);
  if (base === undefined) next.delete(NAME);
  else next.set(NAME, base ?? '');
  return next.size === 0 ? '' : `?${next}`;
}
