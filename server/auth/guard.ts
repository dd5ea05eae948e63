import { type Origins, originOfHost } from './origins.ts';

export interface GuardedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
}

/** Why a request is refused before its sender is checked. */
export interface Refusal {
  readonly status: 403 | 421;
  readonly code: 'HOST_UNKNOWN' | 'ORIGIN_MISSING' | 'ORIGIN_UNKNOWN' | 'CROSS_SITE';
  readonly message: string;
}

/**
 * Refuses requests that another site made a browser send, and host names that somebody else pointed at this address.
 * Every route passes here, the sign-in too: without a cookie better-auth does not check the Origin.
 */
export function refusal({ method, path, headers }: GuardedRequest, origins: Origins): Refusal | null {
  const host = headers.get('host');
  if (originOfHost(origins, host) === null) {
    return {
      status: 421,
      code: 'HOST_UNKNOWN',
      message:
        `This dashboard does not answer to the name "${host ?? ''}". Open ${origins.base}, ` +
        'or start it with BACKCHAIN_ORIGIN set to the address that you use, such as https://backchain.example.org.',
    };
  }
  if (!['GET', 'HEAD'].includes(method)) return wrongOrigin(headers.get('origin'), origins);
  const site = headers.get('sec-fetch-site');
  if (isApi(path) && site !== null && !['same-origin', 'none'].includes(site)) {
    return { status: 403, code: 'CROSS_SITE', message: 'Another site may not read from this dashboard.' };
  }
  return null;
}

function wrongOrigin(origin: string | null, origins: Origins): Refusal | null {
  if (origin === null) {
    return {
      status: 403,
      code: 'ORIGIN_MISSING',
      message: `A request that changes something needs an Origin header, such as "Origin: ${origins.base}".`,
    };
  }
  if (origins.all.includes(origin)) return null;
  return {
    status: 403,
    code: 'ORIGIN_UNKNOWN',
    message:
      `A page of "${origin}" may not change anything here. Where that is this dashboard's own address, ` +
      'start it with BACKCHAIN_ORIGIN set to it.',
  };
}

export function refusalResponse({ status, code, message }: Refusal): Response {
  return Response.json({ code, message }, { status, headers: { 'Cache-Control': 'no-store' } });
}

export function isApi(path: string): boolean {
  return path === '/api' || path.startsWith('/api/');
}
