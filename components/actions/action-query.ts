import { ACTION_NAMES, type ActionName } from './action.ts';

/** The action whose form is open, as the query says it. */
const NAME = 'do';

export function actionFrom(query: URLSearchParams): ActionName | null {
  return ACTION_NAMES.find((name) => name === query.get(NAME)) ?? null;
}

/** The query with another form open, or none; the rest of it stays. Ends up as `?…`, or empty. */
export function withAction(query: URLSearchParams, action: ActionName | null): string {
  const next = new URLSearchParams(query);
  next.delete(NAME);
  if (action !== null) next.set(NAME, action);
  return next.size === 0 ? '' : `?${next}`;
}
