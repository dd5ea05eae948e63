import { expect, it } from 'vitest';
import { contentSecurityPolicy } from './content-security.ts';

it('allows neither a script nor a style element without the nonce', () => {
  const policy = contentSecurityPolicy('abc', { development: false });
  expect(policy).toContain("script-src 'self' 'nonce-abc' 'strict-dynamic';");
  expect(policy).toContain("style-src 'self' 'nonce-abc';");
  expect(policy).not.toContain('unsafe-eval');
  expect(policy.match(/'unsafe-inline'/g)).toHaveLength(1);
});
