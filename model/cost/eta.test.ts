import { expect, test } from 'vitest';
import { type Pace, paceOf, sampled, workOf } from './eta.ts';

const CLUSTER = 65536;

test('the work behind an offset is what is marked below it, and a part of the cluster that it is in', () => {
  const bits = new Uint32Array(200);
  bits[0] = 0b1011;
  bits[70] = 0x8000_0000;
  bits[199] = 1;
  const { total, below } = workOf(bits, CLUSTER);
  expect(total).toBe(5 * CLUSTER);
  expect(below(0)).toBe(0);
  expect(below(CLUSTER / 2)).toBe(CLUSTER / 2);
  expect([2, 3, 3.5, 4, 1000].map((at) => below(at * CLUSTER) / CLUSTER)).toEqual([2, 2, 2.5, 3, 3]);
  expect(below((71 * 32 - 1) * CLUSTER)).toBe(3 * CLUSTER);
  expect(below(71 * 32 * CLUSTER)).toBe(4 * CLUSTER);
  expect(below(Number.MAX_SAFE_INTEGER)).toBe(total);
  expect(workOf(new Uint32Array(0), CLUSTER).below(CLUSTER)).toBe(0);
});

test('it agrees with counting one by one', () => {
  const bits = Uint32Array.from({ length: 300 }, (_, i) => Math.imul(i + 7, 0x9e3779b1));
  const { below } = workOf(bits, 1);
  let count = 0;
  for (let at = 0; at < bits.length * 32; at++) {
    if (at % 997 === 0) expect(below(at)).toBe(count);
    count += ((bits[at >>> 5] ?? 0) >>> (at & 31)) & 1;
  }
});

const leftOf = (pace: Pace | null, total: number) => paceOf(pace, total).left;

function run(samples: number, rate: (second: number) => number): Pace | null {
  let pace: Pace | null = null;
  let done = 0;
  for (let second = 0; second <= samples; second++) {
    pace = sampled(pace, done, second * 1000);
    done += rate(second);
  }
  return pace;
}

test('the time left is unknown in the first seconds, and while nothing is copied', () => {
  expect(leftOf(null, 100)).toBeNull();
  expect(
    leftOf(
      run(2, () => 10),
      100,
    ),
  ).toBeNull();
  expect(
    leftOf(
      run(3, () => 10),
      100,
    ),
  ).toBeCloseTo(7000);
  expect(
    leftOf(
      run(9, () => 0),
      100,
    ),
  ).toBeNull();
});

test('a change of speed is followed, a hiccup is not', () => {
  expect(
    leftOf(
      run(60, (second) => (second < 20 ? 100 : 10)),
      3400,
    ),
  ).toBeGreaterThan(85_000);
  expect(
    leftOf(
      run(60, (second) => (second < 20 ? 100 : 10)),
      3400,
    ),
  ).toBeLessThan(100_000);
  const hiccup =
    leftOf(
      run(60, (second) => (second === 59 ? 0 : 10)),
      1190,
    ) ?? 0;
  expect(hiccup).toBeGreaterThan(60_000);
  expect(hiccup).toBeLessThan(72_000);
});

test('more may be done than was expected, and a stopped clock changes nothing', () => {
  const pace = run(10, () => 10);
  expect(leftOf(pace, 50)).toBe(0);
  expect(sampled(pace, 1000, 10_000)).toBe(pace);
});
