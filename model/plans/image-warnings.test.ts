import { expect, test } from 'vitest';
import { roomOf } from '../testing.ts';
import { roomRefusals, roomWarnings } from './image-warnings.ts';
import type { Cost, ImageCost } from './plan.ts';

const cost = (least: number, most: number, room = roomOf(100, { reserve: 20 })): ImageCost => ({
  atMost: most,
  predicted: { least, likely: least, most, basis: 'tables' },
  room,
  into: 'a',
});
const codes = (one: Cost) => [roomRefusals(one), roomWarnings(one)].map((all) => all.map(({ code }) => code));
const both = (...images: readonly ImageCost[]): Cost => ({ atMost: 0, room: null, into: null, images });

test.each([
  [0, 80, [], []],
  [0, 81, [], ['LITTLE_ROOM']],
  [80, 80, [], []],
  [80, 300, [], ['LITTLE_ROOM']],
  [81, 300, ['NO_ROOM'], []],
] as const)('of 100 bytes with 20 in reserve, %d to %d: refused %j, warned %j', (least, most, no, little) => {
  expect(codes(cost(least, most))).toEqual([no, little]);
});

test('what writes nothing is fine in the reserve, too', () => {
  const full = roomOf(5, { reserve: 20 });
  expect(codes(cost(0, 0, full))).toEqual([[], []]);
  expect(codes(cost(0, 1, full))).toEqual([[], ['LITTLE_ROOM']]);
});

test('where nothing is foretold the upper bound decides, and only warns', () => {
  const room = roomOf(100, { reserve: 20 });
  expect(codes({ atMost: 500, room, into: 'a' })).toEqual([[], ['LITTLE_ROOM']]);
  expect(codes({ atMost: null, room, into: 'a' })).toEqual([[], ['SIZE_UNKNOWN']]);
  expect(codes({ atMost: 500, room: null, into: 'a' })).toEqual([[], []]);
});

test('images on one file system need their room together, on two each its own', () => {
  const there = roomOf(100, { place: '/there', reserve: 20 });
  expect(codes(both(cost(50, 50), cost(50, 50)))).toEqual([['NO_ROOM'], []]);
  expect(codes(both(cost(50, 50), cost(50, 50, there)))).toEqual([[], []]);
  expect(roomRefusals(both(cost(50, 50), cost(90, 90, there)))).toEqual([
    { code: 'NO_ROOM', params: { needed: 90, place: '/there', room: 100, reserve: 20 } },
  ]);
});
