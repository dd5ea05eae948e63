/**
 * What a page may load and run: only what is ours. Next copies the nonce out of this header, from the request,
 * into the scripts that it writes.
 */
export function contentSecurityPolicy(nonce: string, { development }: { development: boolean }): string {
  const directives = {
    'default-src': "'self'",
    // In development React evaluates code for fast refresh and stack traces, and style elements have no nonce.
    'script-src': `'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    'style-src': development ? "'self' 'unsafe-inline'" : `'self' 'nonce-${nonce}'`,
    // React Flow moves its nodes by style attributes.
    'style-src-attr': "'unsafe-inline'",
    'img-src': "'self' data:",
    'font-src': "'self'",
    'connect-src': "'self'",
    'worker-src': "'self'",
    'object-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'self'",
    'frame-ancestors': "'none'",
  };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ');
}

/** For answers that are data: nothing in them may run. */
export const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** For every answer. `same-origin`, since with `no-referrer` browsers send "Origin: null" with our own forms. */
export const COMMON_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
} as const;
