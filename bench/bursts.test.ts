import { expect, test } from 'vitest';
import { bursts } from './bursts.ts';

test('times close to each other are one burst, whatever their order', () => {
  expect(bursts([0, 900, 100, 10_000, 10_100], 1000)).toBe(2);
});

test('a burst lasts as long as its times follow closely', () => {
  expect(bursts([0, 900, 1800, 2700], 1000)).toBe(1);
});

test('a gap of exactly that length parts', () => {
  expect(bursts([0, 1000], 1000)).toBe(2);
});

test('nothing is no burst', () => {
  expect(bursts([], 1000)).toBe(0);
});
