import { randomBytes } from 'node:crypto';
import { type NextRequest, NextResponse } from 'next/server';
import { COMMON_HEADERS, contentSecurityPolicy, DATA_POLICY } from './server/auth/content-security.ts';
import { isApi, refusal, refusalResponse } from './server/auth/guard.ts';
import { type Origins, originOfHost, originsOf } from './server/auth/origins.ts';
import { hasSessionCookie, REQUEST_PATH } from './server/auth/session-cookie.ts';

/**
 * Every request but those for built files passes here. It turns away strangers' names and origins, and sends those
 * without a session cookie to the sign-in. Whether the cookie is worth anything is asked where the answer is made:
 * `requireSession` for pages, the context of each procedure for the API.
 */
export function proxy(request: NextRequest): Response {
  const origins = originsOf(process.env);
  const { pathname: path } = request.nextUrl;
  const refused = refusal({ method: request.method, path, headers: request.headers }, origins);
  const response = refused !== null ? refusalResponse(refused) : answer(request, path, origins);
  for (const [name, value] of Object.entries(COMMON_HEADERS)) response.headers.set(name, value);
  return response;
}

export const config = { matcher: '/((?!_next/static/).*)' };

function answer(request: NextRequest, path: string, origins: Origins): Response {
  const known = isOpen(path) || hasSessionCookie(request.headers);
  if (isApi(path)) return known ? data() : notSignedIn();
  if (known) return page(request, path);
  return request.method === 'GET' || request.method === 'HEAD'
    ? toSignIn(request, path, origins)
    : notSignedIn();
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

function data(): Response {
  const response = NextResponse.next();
  response.headers.set('Content-Security-Policy', DATA_POLICY);
  response.headers.set('Cache-Control', 'no-store');
  return response;
}

function page(request: NextRequest, path: string): Response {
  const nonce = randomBytes(16).toString('base64');
  const policy = contentSecurityPolicy(nonce, { development: process.env.NODE_ENV === 'development' });
  const headers = new Headers(request.headers);
  headers.set('Content-Security-Policy', policy);
  headers.set('x-nonce', nonce);
  headers.set(REQUEST_PATH, path + request.nextUrl.search);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('Content-Security-Policy', policy);
  return response;
}

function toSignIn(request: NextRequest, path: string, origins: Origins): Response {
  const url = new URL('/sign-in', originOfHost(origins, request.headers.get('host')) ?? origins.base);
  const next = path + request.nextUrl.search;
  if (next !== '/') url.searchParams.set('next', next);
  return NextResponse.redirect(url);
}

function notSignedIn(): Response {
  const body = { code: 'NOT_SIGNED_IN', message: 'Sign in first, at /sign-in.' };
  return Response.json(body, { status: 401, headers: { 'Cache-Control': 'no-store' } });
}
