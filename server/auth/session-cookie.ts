/** better-auth prefixes its cookies with `__Secure-` where the dashboard's address is https. */
const SESSION_COOKIE = /(?:^|;\s*)(?:__Secure-)?backchain\.session_token=[^;]/;

/** Whether a request claims to be signed in. Only `Auth.session` checks the claim. */
export function hasSessionCookie(headers: Headers): boolean {
  return SESSION_COOKIE.test(headers.get('cookie') ?? '');
}

/** Request header in which the proxy passes a page its own path and query. */
export const REQUEST_PATH = 'x-backchain-path';
