import { randomBytes } from 'node:crypto';
import { type NextRequest, NextResponse } from 'next/server';
import { admission } from './server/auth/admission.ts';
import { COMMON_HEADERS, contentSecurityPolicy, DATA_POLICY } from './server/auth/content-security.ts';
import { isApi, refusal, refusalResponse } from './server/auth/guard.ts';
import { type Origins, originOfHost, originsOf } from './server/auth/origins.ts';
import { REQUEST_PATH } from './server/auth/session-cookie.ts';

/** Every request but those for built files passes here. It refuses unknown hosts and origins, and leads to the sign-in. */
export function proxy(request: NextRequest): Response {
  const origins = originsOf(process.env);
  const { method, headers, nextUrl } = request;
  const asked = { method, headers, path: nextUrl.pathname };
  const refused = refusal(asked, origins);
  const response = refused !== null ? refusalResponse(refused) : answer(request, admission(asked), origins);
  for (const [name, value] of Object.entries(COMMON_HEADERS)) response.headers.set(name, value);
  return response;
}

export const config = { matcher: '/((?!_next/static/).*)' };

function answer(request: NextRequest, admitted: ReturnType<typeof admission>, origins: Origins): Response {
  switch (admitted) {
    case 'admitted':
      return isApi(request.nextUrl.pathname) ? data() : page(request);
    case 'to-sign-in':
      return toSignIn(request, origins);
    case 'unauthorized': {
      const body = { code: 'NOT_SIGNED_IN', message: 'Sign in first, at /sign-in.' };
      return Response.json(body, { status: 401, headers: { 'Cache-Control': 'no-store' } });
    }
  }
}

/** Leaves Cache-Control to the routes: a value set here would replace theirs, and without its no-transform gzip delays a stream. */
function data(): Response {
  const response = NextResponse.next();
  response.headers.set('Content-Security-Policy', DATA_POLICY);
  return response;
}

function page(request: NextRequest): Response {
  const nonce = randomBytes(16).toString('base64');
  const policy = contentSecurityPolicy(nonce, { development: process.env.NODE_ENV === 'development' });
  const headers = new Headers(request.headers);
  headers.set('Content-Security-Policy', policy);
  headers.set('x-nonce', nonce);
  headers.set(REQUEST_PATH, pathAndQuery(request));
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('Content-Security-Policy', policy);
  return response;
}

function toSignIn(request: NextRequest, origins: Origins): Response {
  const url = new URL('/sign-in', originOfHost(origins, request.headers.get('host')) ?? origins.base);
  const next = pathAndQuery(request);
  if (next !== '/') url.searchParams.set('next', next);
  return NextResponse.redirect(url);
}

function pathAndQuery({ nextUrl }: NextRequest): string {
  return nextUrl.pathname + nextUrl.search;
}
