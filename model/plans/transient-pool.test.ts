import { expect, test } from 'vitest';
import { isTransientPool, transientPool } from './transient-pool.ts';

test('files of one folder have one pool, those of another another one', () => {
  expect(transientPool('/vm/a b/1')).toBe(transientPool('/vm/a b/2'));
  expect(transientPool('/vm/a b/1')).not.toBe(transientPool('/vm/a/b 1'));
  expect(['/1', '/vm/ü/1'].map(transientPool).every(isTransientPool)).toBe(true);
  expect(isTransientPool('default')).toBe(false);
});
