/** Key of the image that is picked in a chain; `null` for no base left, `undefined` for nothing picked. */
export type Picked = string | null | undefined;

/** The query has the key as `image`, which is absent for nothing picked and empty for no base left. */
export function pickedFrom(query: URLSearchParams): Picked {
  const value = query.get('image');
  return value === null ? undefined : value === '' ? null : value;
}
