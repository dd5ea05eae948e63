import { expect, it } from 'vitest';
import { contentSecurityPolicy } from './content-security.ts';

it('lets no script run that lacks the nonce, and no style element', () => {
  const policy = contentSecurityPolicy('abc', { development: false });
  expect(policy).toContain("script-src 'self' 'nonce-abc' 'strict-dynamic';");
  expect(policy).toContain("style-src 'self' 'nonce-abc';");
  expect(policy).not.toContain('unsafe-eval');
  expect(policy.match(/'unsafe-inline'/g)).toHaveLength(1);
});
