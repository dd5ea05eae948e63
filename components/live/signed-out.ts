import { isApiError } from './problem-of.ts';

/** Leads to the sign-in when a call failed because the session is over. After the sign-in, people come back to this page. */
export function leaveIfSignedOut(error: unknown, signIn: string): void {
  if (!isApiError(error) || error.data?.code !== 'UNAUTHORIZED') return;
  const here = window.location.pathname + window.location.search;
  window.location.assign(`${signIn}?next=${encodeURIComponent(here)}`);
}
