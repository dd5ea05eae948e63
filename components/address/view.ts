import { type Params, withParams } from './params.ts';

/** How a disk is shown; the graph where the query says nothing. */
export const VIEWS = ['graph', 'section', 'table'] as const;
export type View = (typeof VIEWS)[number];

export function viewFrom(query: URLSearchParams): View {
  return VIEWS.find((view) => view === query.get('view')) ?? 'graph';
}

export function viewParams(view: View): Params {
  return { view: view === 'graph' ? null : view };
}

/** The query with another view; the rest of it stays. */
export function withView(query: URLSearchParams, view: View): string {
  return withParams(query, viewParams(view));
}
