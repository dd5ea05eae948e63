import { expect, test } from 'vitest';
import { Chance } from './random-source.ts';

test('one seed gives one row of numbers, all below their limit', () => {
  const row = (seed: number) => {
    const chance = new Chance(seed);
    return Array.from({ length: 200 }, () => chance.below(7));
  };
  expect(row(1)).toEqual(row(1));
  expect(row(1)).not.toEqual(row(2));
  expect(new Set(row(1))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]));
});

test('nothing can be chosen from nothing', () => {
  expect(() => new Chance(1).of([])).toThrow();
  expect(new Chance(1).of(['one'])).toBe('one');
});
