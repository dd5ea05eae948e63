import { expect, test } from 'vitest';
import type { CrossSection } from '../../model/content/cross-section.ts';
import { moved, positionAt, totalOf } from './layer-bytes.ts';

const holds = (read: number[], hidden: number[]) => ({
  read: Float64Array.from(read),
  zeros: new Float64Array(read.length),
  hidden: Float64Array.from(hidden),
});
const section: CrossSection = {
  size: 250,
  bucketSize: 100,
  buckets: 3,
  layers: [
    { key: 'active', holds: holds([0, 7, 0], [0, 0, 0]), doubtful: false },
    { key: 'middle', holds: null, doubtful: false },
    { key: 'base', holds: holds([100, 0, 50], [0, 9, 0]), doubtful: true },
  ],
};

test('a position has the images that hold something there, and those whose map is unknown', () => {
  const names = (bucket: number) => positionAt(section, bucket).layers.map(({ layer }) => layer.key);
  expect(names(0)).toEqual(['middle', 'base']);
  expect(names(1)).toEqual(['active', 'middle', 'base']);
  expect(positionAt(section, 1).layers[2]?.bytes).toEqual({ read: 0, zeros: 0, hidden: 9 });
  expect(positionAt(section, 2)).toMatchObject({ offset: 200, length: 50 });
});

test('all buckets together are what an image holds', () => {
  expect(totalOf(holds([100, 0, 50], [0, 9, 0]))).toEqual({ read: 150, zeros: 0, hidden: 9 });
});

test.each([
  ['ArrowRight', 0, 1],
  ['ArrowLeft', 0, 0],
  ['ArrowRight', 99, 99],
  ['PageUp', 50, 55],
  ['PageDown', 3, 0],
  ['Home', 50, 0],
  ['End', 50, 99],
  ['a', 50, null],
])('%s leads from bucket %i to %o', (key, from, to) => {
  expect(moved(key, from, 100)).toBe(to);
});
