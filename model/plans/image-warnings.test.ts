import { expect, test } from 'vitest';
import { freeSpaceOf } from '../testing.ts';
import { spaceRefusals, spaceWarnings } from './image-warnings.ts';
import type { Cost, ImageCost } from './plan.ts';

const cost = (least: number, most: number, freeSpace = freeSpaceOf(100, { reserve: 20 })): ImageCost => ({
  atMost: most,
  predicted: { least, likely: least, most, basis: 'tables' },
  freeSpace,
  into: 'a',
});
const codes = (one: Cost) =>
  [spaceRefusals(one), spaceWarnings(one)].map((all) => all.map(({ code }) => code));
const both = (...images: readonly ImageCost[]): Cost => ({ atMost: 0, freeSpace: null, into: null, images });

test.each([
  [0, 80, [], []],
  [0, 81, [], ['LITTLE_SPACE']],
  [80, 80, [], []],
  [80, 300, [], ['LITTLE_SPACE']],
  [81, 300, ['NO_SPACE'], []],
] as const)('of 100 bytes with 20 in reserve, %d to %d: refused %j, warned %j', (least, most, no, little) => {
  expect(codes(cost(least, most))).toEqual([no, little]);
});

test('what writes nothing is fine in the reserve, too', () => {
  const full = freeSpaceOf(5, { reserve: 20 });
  expect(codes(cost(0, 0, full))).toEqual([[], []]);
  expect(codes(cost(0, 1, full))).toEqual([[], ['LITTLE_SPACE']]);
});

test('without a prediction the upper bound decides, and only warns', () => {
  const freeSpace = freeSpaceOf(100, { reserve: 20 });
  expect(codes({ atMost: 500, freeSpace, into: 'a' })).toEqual([[], ['LITTLE_SPACE']]);
  expect(codes({ atMost: null, freeSpace, into: 'a' })).toEqual([[], ['SIZE_UNKNOWN']]);
  expect(codes({ atMost: 500, freeSpace: null, into: 'a' })).toEqual([[], []]);
});

test('images on one file system share its free space, on two each has its own', () => {
  const there = freeSpaceOf(100, { fileSystem: '/there', reserve: 20 });
  expect(codes(both(cost(50, 50), cost(50, 50)))).toEqual([['NO_SPACE'], []]);
  expect(codes(both(cost(50, 50), cost(50, 50, there)))).toEqual([[], []]);
  expect(spaceRefusals(both(cost(50, 50), cost(90, 90, there)))).toEqual([
    { code: 'NO_SPACE', params: { needed: 90, fileSystem: '/there', freeSpace: 100, reserve: 20 } },
  ]);
});
