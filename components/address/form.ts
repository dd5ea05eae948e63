import { withParams } from './params.ts';
import { type Picked, pickedFrom } from './picked.ts';

/** Name of the form that is open beside the chain; `null` for none. */
export function formFrom(query: URLSearchParams): string | null {
  return query.get('do');
}

/** The query with another form open, and nothing of what an earlier one said. View and picked image stay. */
export function withForm(query: URLSearchParams, name: string): string {
  return withParams(only(query, ['view', 'image']), { do: name });
}

/**
 * The query with another image picked. A form that is open keeps what it says; without one the image is the base of a
 * flatten, and each base begins with a form of its own.
 */
export function withPicked(query: URLSearchParams, picked: Picked): string {
  const kept = formFrom(query) === null ? only(query, ['view']) : query;
  return withParams(kept, { image: picked === undefined ? null : (picked ?? '') });
}

/** The query with no form open and nothing picked. The view stays. */
export function withoutIntent(query: URLSearchParams): string {
  return withParams(only(query, ['view']), {});
}

/** Names what a form is about, so that what it says can't be taken for what another says; `null` where none is open. */
export function formKey(query: URLSearchParams): string | null {
  const picked = pickedFrom(query);
  return formFrom(query) ?? (picked === undefined ? null : `flatten:${picked}`);
}

function only(query: URLSearchParams, names: readonly string[]): URLSearchParams {
  return new URLSearchParams([...query].filter(([name]) => names.includes(name)));
}
