import { type GuardedRequest, isApi } from './guard.ts';
import { hasSessionCookie } from './session-cookie.ts';

/** What an acceptable request gets: what it asks for, the sign-in page, or a 401. */
export type Admission = 'admitted' | 'to-sign-in' | 'unauthorized';

/**
 * Without a session cookie only what `isOpen` names is open. Whether the cookie is valid is checked where the answer
 * is made: by `requireSession` for pages, by the context of each procedure for the API.
 */
export function admission({ method, path, headers }: GuardedRequest): Admission {
  if (isOpen(path) || hasSessionCookie(headers)) return 'admitted';
  return !isApi(path) && ['GET', 'HEAD'].includes(method) ? 'to-sign-in' : 'unauthorized';
}

/**
 * What strangers may reach. Procedures under /api/trpc answer for themselves, so that their clients understand the
 * answer. Files at the root, such as the icon, are public.
 */
function isOpen(path: string): boolean {
  return (
    ['/sign-in', '/api/health'].includes(path) ||
    path.startsWith('/api/auth/') ||
    path.startsWith('/api/trpc/') ||
    /^\/[\w-]+\.(ico|svg|png|txt|webmanifest)$/.test(path)
  );
}
