import { expect, test } from 'vitest';
import type { Prediction } from '../../model/cost/prediction.ts';
import { upperBound } from './upper-bound.ts';

const RANGE: Prediction = { least: 1, likely: 2, most: 3, basis: 'qemu-img-map' };

test('where only a prediction has an upper bound, that is the plan’s', () => {
  expect(upperBound({ atMost: null, predicted: RANGE })).toBe(3);
});

test('the plan’s own bound is used, and without either there is none', () => {
  expect(upperBound({ atMost: 9, predicted: RANGE })).toBe(9);
  expect(upperBound({ atMost: null, predicted: null })).toBeNull();
  expect(upperBound({ atMost: null })).toBeNull();
});
