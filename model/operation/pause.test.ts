import { expect, test } from 'vitest';
import { freeSpaceOf } from '../testing.ts';
import { type Drain, floorOf, isNear, mayResume, mayTakeReserve, pauseIn, waitsForOthers } from './pause.ts';

const MIB = 2 ** 20;
const STILL: Drain = { rate: 0, others: 0, remaining: Number.POSITIVE_INFINITY, overrun: 0 };
const freeSpace = (free: number, reserve = 100 * MIB) => freeSpaceOf(free, { reserve });

test.each<[Partial<Drain>, number]>([
  [{}, 100],
  [{ rate: 10 * MIB }, 100],
  [{ rate: 100 * MIB }, 200],
  [{ rate: 100 * MIB, remaining: 30 * MIB }, 100],
  [{ rate: 100 * MIB, remaining: 150 * MIB }, 150],
  [{ rate: 100 * MIB, others: 100 * MIB, remaining: 30 * MIB }, 230],
  [{ overrun: 120 * MIB }, 120],
])('with 100 MiB in reserve and %j the floor is %d MiB', (drain, floor) => {
  expect(floorOf(freeSpace(0), { ...STILL, ...drain })).toBe(floor * MIB);
});

test('work pauses below the floor, and resumes only somewhat above it', () => {
  expect(pauseIn(freeSpace(100 * MIB), STILL, 1)).toBeNull();
  expect(pauseIn(freeSpace(100 * MIB - 1), STILL, 1)).toEqual({
    step: 1,
    fileSystem: '/vm',
    free: 100 * MIB - 1,
    needed: 150 * MIB,
    neededWithReserve: 0,
  });
  expect(pauseIn(freeSpace(0, 2 ** 40), STILL, 0)?.needed).toBe(2 ** 40 + 2 ** 30);
});

test('free space that was measured a while ago may be less by now', () => {
  expect(floorOf({ ...freeSpace(0), age: 8 }, { ...STILL, rate: 20 * MIB })).toBe(200 * MIB);
});

test('paused work resumes somewhat above the floor, and not while others fill the file system', () => {
  const pause = { step: 0, fileSystem: '/vm', free: 0, needed: 150 * MIB };
  expect(mayResume(freeSpace(150 * MIB - 1), STILL, pause)).toBe(false);
  expect(mayResume(freeSpace(150 * MIB), STILL, pause)).toBe(true);
  expect(mayResume(freeSpace(150 * MIB), { ...STILL, others: 100 * MIB }, pause)).toBe(false);
  expect(mayResume(freeSpace(0), { ...STILL, remaining: 0 }, pause)).toBe(true);
});

test('work pauses while others fill the file system, and resumes once they stop', () => {
  const pause = pauseIn(freeSpace(150 * MIB), { ...STILL, others: 100 * MIB }, 0);
  expect(pause).toMatchObject({ needed: 150 * MIB });
  expect([pause, pauseIn(freeSpace(50 * MIB), STILL, 0)].map((one) => one && waitsForOthers(one))).toEqual([
    true,
    false,
  ]);
});

test('what fits as a whole above the reserve does not wait for more', () => {
  const drain = { ...STILL, remaining: 60 * MIB, overrun: 500 * MIB };
  expect(pauseIn(freeSpace(50 * MIB, 10 * MIB), drain, 0)?.needed).toBe(70 * MIB);
});

test('work with nothing more to write needs no free space', () => {
  expect(pauseIn(freeSpace(0), { ...STILL, remaining: 0 }, 0)).toBeNull();
});

test('work that fits above the reserve is not paused for its speed', () => {
  const fast = { ...STILL, rate: 2 ** 40, overrun: 16 * MIB };
  for (const remaining of [MIB, 20 * MIB, 500 * MIB]) {
    expect(pauseIn(freeSpace(100 * MIB + remaining), { ...fast, remaining }, 0)).toBeNull();
  }
});

test('near the floor it is read more often', () => {
  expect(isNear(freeSpace(200 * MIB), STILL, 2)).toBe(false);
  expect(isNear(freeSpace(200 * MIB), { ...STILL, rate: 10 * MIB }, 2)).toBe(false);
  expect(isNear(freeSpace(120 * MIB), { ...STILL, others: 10 * MIB }, 2)).toBe(true);
});

test('work that may use the reserve pauses only before nothing is left', () => {
  const drain = { ...STILL, rate: 10 * MIB };
  const sparing = pauseIn(freeSpace(30 * MIB), drain, 0);
  expect(sparing).toMatchObject({ needed: 150 * MIB, neededWithReserve: 20 * MIB });
  expect(pauseIn(freeSpace(30 * MIB), drain, 0, false)).toBeNull();
  expect(pauseIn(freeSpace(19 * MIB), drain, 0, false)).toMatchObject({
    needed: 30 * MIB,
    neededWithReserve: null,
  });
});

test('the reserve is offered if it helps and is not in use yet', () => {
  const pause = { step: 0, fileSystem: '/vm', free: 10, needed: 100, neededWithReserve: 20 };
  expect([mayTakeReserve(pause, 19), mayTakeReserve(pause, 20)]).toEqual([false, true]);
  expect(mayTakeReserve({ ...pause, neededWithReserve: null }, 50)).toBe(false);
  const { neededWithReserve: _, ...older } = pause;
  expect(mayTakeReserve(older, 0)).toBe(true);
});
