import { expect, test } from 'vitest';
import { putLayer, ROWS } from './layer-pixels.ts';

const WIDTH = 8;

/** The opacity of a layer's row, of a disk of 400 bytes in buckets of 100. */
function drawn(read: number[], hidden: number[], size = 400, width = WIDTH) {
  const pixels = new Uint8ClampedArray(width * ROWS * 4);
  const section = { size, bucketSize: 100, buckets: read.length, layers: [] };
  const zeros = new Float64Array(read.length);
  const holds = { read: Float64Array.from(read), zeros, hidden: Float64Array.from(hidden) };
  putLayer(pixels, 0, width, section, holds, [1, 2, 3]);
  return Array.from({ length: width }, (_, x) => pixels[x * 4 + 3] ?? 0);
}

test('what is read is solid, what is hidden pale, and the rest empty', () => {
  const [read = 0, , hidden = 0, , empty, , both] = drawn([100, 0, 0, 100], [0, 100, 0, 100]);
  expect(read).toBe(255);
  expect(hidden).toBeGreaterThan(0);
  expect(hidden).toBeLessThan(read / 3);
  expect(empty).toBe(0);
  expect(both).toBe(255);
});

test('the least that is read is more visible than the most that is hidden', () => {
  const [little = 0, , hidden = 0] = drawn([1, 0, 0, 0], [0, 100, 0, 0]);
  expect(little).toBeGreaterThan(hidden);
});

test('nothing is lost between pixels, and the last bucket ends with the disk', () => {
  const buckets = Array.from({ length: 40 }, () => 0);
  for (const at of [0, 17, 39]) {
    const opaque = drawn(buckets.with(at, 1), buckets, 3950, 7);
    expect(opaque.some((alpha) => alpha > 0)).toBe(true);
  }
  expect(drawn([0, 0, 0, 50], [0, 0, 0, 0], 350)[7]).toBeGreaterThan(0);
});
