import { expect, test } from 'vitest';
import { stratumColor } from './strata.ts';

test('the ends of the ramp are the active image and the base, whatever the depth', () => {
  for (const depth of [2, 3, 12, 64]) {
    expect(stratumColor(0, depth)).toBe('var(--stratum-3)');
    expect(stratumColor(depth - 1, depth)).toBe('var(--stratum-0)');
  }
});

test('an image alone is the active one', () => {
  expect(stratumColor(0, 1)).toBe('var(--stratum-3)');
});

test('four layers take the four named colours', () => {
  expect([0, 1, 2, 3].map((position) => stratumColor(position, 4))).toEqual([
    'var(--stratum-3)',
    'var(--stratum-2)',
    'var(--stratum-1)',
    'var(--stratum-0)',
  ]);
});

test('layers in between are mixed from their neighbours', () => {
  expect(stratumColor(1, 3)).toBe('color-mix(in oklab, var(--stratum-2) 50%, var(--stratum-1))');
});

test('a position outside the chain takes the nearest end', () => {
  expect(stratumColor(9, 4)).toBe('var(--stratum-0)');
  expect(stratumColor(-1, 4)).toBe('var(--stratum-3)');
});
