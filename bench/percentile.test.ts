import { expect, test } from 'vitest';
import { median, percentile } from './percentile.ts';

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

test('the 95th percentile of 1 to 100 is 95', () => {
  expect(percentile(hundred, 95)).toBe(95);
});

test('of few samples the 95th percentile is the worst one', () => {
  expect(percentile([3, 9, 1], 95)).toBe(9);
});

test('from the least to the worst', () => {
  expect([0, 50, 100].map((percent) => percentile([4, 1, 3, 2], percent))).toEqual([1, 2, 4]);
});

test('the median is a sample, and the order of the samples does not matter', () => {
  expect(median([5, 100, 1])).toBe(5);
});

test('samples stay as they were', () => {
  const samples = [2, 1];
  median(samples);
  expect(samples).toEqual([2, 1]);
});

test('nothing has no percentile', () => {
  expect(() => percentile([], 95)).toThrow(RangeError);
});
