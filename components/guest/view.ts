/** How a disk is looked at, as the query says it; the graph where it says nothing. */
export const VIEWS = ['graph', 'section', 'table'] as const;
export type View = (typeof VIEWS)[number];

const NAME = 'view';

export function viewFrom(query: URLSearchParams): View {
  return VIEWS.find((view) => view === query.get(NAME)) ?? 'graph';
}

/** The query with another view; the rest of it stays. Ends up as `?…`, or empty. */
export function withView(query: URLSearchParams, view: View): string {
  const next = new URLSearchParams(query);
  if (view === 'graph') next.delete(NAME);
  else next.set(NAME, view);
  return next.size === 0 ? '' : `?${next}`;
}
