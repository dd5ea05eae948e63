import { expect, test } from 'vitest';
import { RandomSource } from './random-source.ts';

test('one seed gives one row of numbers, all below their limit', () => {
  const row = (seed: number) => {
    const random = new RandomSource(seed);
    return Array.from({ length: 200 }, () => random.below(7));
  };
  expect(row(1)).toEqual(row(1));
  expect(row(1)).not.toEqual(row(2));
  expect(new Set(row(1))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]));
});

test('nothing can be chosen from nothing', () => {
  expect(() => new RandomSource(1).of([])).toThrow();
  expect(new RandomSource(1).of(['one'])).toBe('one');
});
