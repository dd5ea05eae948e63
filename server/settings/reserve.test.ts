import { expect, test } from 'vitest';
import { reserveOf } from '../../model/fleet/free-space.ts';
import { reserveSetting } from './reserve.ts';

const TIB = 2 ** 40;
const of = (wanted: string | undefined, size = TIB) => reserveOf(size, reserveSetting(wanted));

test.each([
  [undefined, TIB, 10 * 2 ** 30],
  [undefined, 100 * 2 ** 20, 5 * 2 ** 20],
  ['0', TIB, 0],
  ['4096', TIB, 4096],
  ['20G', TIB, 20 * 2 ** 30],
  ['20G', 2 ** 30, 2 ** 30],
  ['512K', TIB, 512 * 2 ** 10],
  ['0%', TIB, 0],
  ['25%', TIB, TIB / 4],
])('%s of a file system of %s bytes are %s', (wanted, size, bytes) => {
  expect(of(wanted, size)).toBe(bytes);
});

test.each(['', ' ', '5 %', '100%', '-1', '1.5G', '10GB', 'ten', '5%%', '999999999999T', '1e9'])(
  'nonsense is refused: %j',
  (wanted) => {
    expect(() => of(wanted)).toThrow('BACKCHAIN_RESERVE');
  },
);
