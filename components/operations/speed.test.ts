import { expect, test } from 'vitest';
import { speedField, speedFrom } from './speed.ts';

test.each([
  ['', 0],
  [' 0 ', 0],
  ['50', 50 * 2 ** 20],
  ['1073741824', 2 ** 50],
  ['1073741825', null],
  ['99999999999', null],
  ['1.5', null],
  ['-1', null],
  ['fast', null],
])('%j is %j bytes per second', (typed, bytes) => {
  expect(speedFrom(typed)).toBe(bytes);
});

test('the field begins with the speed in whole MiB, empty without a limit', () => {
  expect(speedField(0)).toBe('');
  expect(speedField(50 * 2 ** 20)).toBe('50');
  expect(speedField(1000)).toBe('1');
});
