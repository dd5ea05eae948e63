import { expect, test } from 'vitest';
import { isPassingPool, passingPool } from './transient-pool.ts';

test('files of one folder have one pool, those of another another one', () => {
  expect(passingPool('/vm/a b/1')).toBe(passingPool('/vm/a b/2'));
  expect(passingPool('/vm/a b/1')).not.toBe(passingPool('/vm/a/b 1'));
  expect(['/1', '/vm/ü/1'].map(passingPool).every(isPassingPool)).toBe(true);
  expect(isPassingPool('default')).toBe(false);
});
