import { expect, test } from 'vitest';
import { strataWidth } from './strata-width.ts';

test('a chain of 64 layers is drawn longer than one of 12', () => {
  expect(strataWidth(64) - strataWidth(12)).toBeGreaterThan(20);
});

test('each layer more makes it longer, and none takes more space than a list has', () => {
  const widths = Array.from({ length: 200 }, (_, depth) => strataWidth(depth));
  expect(widths.slice(0, 3)).toEqual([0, 3, 7]);
  expect(widths.every((width, depth) => depth === 0 || width > (widths[depth - 1] ?? 0))).toBe(true);
  expect(Math.max(...widths)).toBeLessThan(90);
});
