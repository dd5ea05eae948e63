import { expect, test } from 'vitest';
import { Rate } from './rate.ts';

function rateOf(...samples: readonly [bytes: number, at: number][]): number | null {
  const rate = new Rate();
  for (const [bytes, at] of samples) rate.sample(bytes, at);
  return rate.bytesPerSecond;
}

test('there is no rate before two samples at different times', () => {
  expect(rateOf()).toBeNull();
  expect(rateOf([5, 0])).toBeNull();
  expect(rateOf([5, 0], [9, 0])).toBeNull();
});

test('a steady growth is its rate', () => {
  expect(rateOf([0, 0], [50, 500], [100, 1000])).toBe(100);
});

test('a change is followed smoothly; an image that shrank counts as not growing', () => {
  expect(rateOf([0, 0], [100, 1000], [100, 2000])).toBe(70);
  expect(rateOf([0, 0], [100, 1000], [0, 2000])).toBe(70);
});
