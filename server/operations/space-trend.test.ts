import { expect, test } from 'vitest';
import { freeSpaceOf } from '../../model/testing.ts';
import { type SpaceTrend, trendAfter } from './space-trend.ts';

const MIB = 2 ** 20;

/** Measurements by second: bytes free, and what the step has written, both in MiB. */
function others(...measured: readonly (readonly [seconds: number, free: number, copied?: number])[]): number {
  const trend = measured.reduce<SpaceTrend | null>(
    (before, [seconds, free, copied = 0]) =>
      trendAfter(before, { freeSpace: freeSpaceOf(free * MIB), copied: copied * MIB, at: seconds * 1000 }),
    null,
  );
  return (trend?.others ?? Number.NaN) / MIB;
}

test('what others take per second is what the step did not write', () => {
  expect(others([0, 100])).toBe(0);
  expect(others([0, 100], [2, 80, 20])).toBe(0);
  expect(others([0, 100], [2, 70, 20])).toBe(5);
});

test('what others took fades, by half in two seconds', () => {
  expect(others([0, 100], [1, 90], [3, 90])).toBe(5);
});

test('others who free space again take nothing', () => {
  expect(others([0, 100], [1, 90], [2, 95])).toBe(0);
});

test('a burst between two measurements close together is spread over half a second', () => {
  expect(others([0, 100], [0.01, 90])).toBe(20);
});

test('what was measured before is no measurement', () => {
  expect(others([0, 100], [0, 10])).toBe(0);
});
