/** better-auth puts `__Secure-` before its cookies where the dashboard is reached by https. */
const SESSION_COOKIE = /(?:^|;\s*)(?:__Secure-)?backchain\.session_token=[^;]/;

/** Whether somebody claims to be signed in. Only `Auth.session` knows whether it is true. */
export function hasSessionCookie(headers: Headers): boolean {
  return SESSION_COOKIE.test(headers.get('cookie') ?? '');
}

/** Request header in which the proxy tells a page its own path and query. */
export const REQUEST_PATH = 'x-backchain-path';
