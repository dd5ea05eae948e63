import { addressOf } from './params.ts';

/** The page of a host's leftovers. */
export function leftoversAddress(hostId: string): string {
  return addressOf('/leftovers', { host: hostId });
}

/** The host that is asked for; `null` for none in particular. */
export function leftoversHostFrom(query: URLSearchParams): string | null {
  return query.get('host');
}
