/** Values that a query has by name; `null` for one that it does not have. */
export type Params = Readonly<Record<string, string | null>>;

/** The query with these values; the rest of it stays. Ends up as `?…`, or empty. */
export function withParams(query: URLSearchParams, params: Params): string {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(params)) {
    if (value === null) next.delete(name);
    else next.set(name, value);
  }
  return next.size === 0 ? '' : `?${next}`;
}

/** The address of a page with a query of these values alone. */
export function addressOf(path: string, params: Params): string {
  return path + withParams(new URLSearchParams(), params);
}
