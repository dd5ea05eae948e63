import { expect, test } from 'vitest';
import { type ClusterMap, emptyMap, mark } from '../content/cluster-map.ts';
import type { Image } from '../fleet/image.ts';
import { GIB, imageAt, QCOW2 } from '../testing.ts';
import { mostCopied } from './copy-cost.ts';

const CLUSTER = 65536;

function mapOf(data: readonly number[], zeros: readonly number[] = [], clusterSize = CLUSTER): ClusterMap {
  const map = emptyMap(GIB, clusterSize);
  for (const cluster of data) mark(map.data, cluster);
  for (const cluster of zeros) mark(map.zeros, cluster);
  return map;
}

function most(maps: Readonly<Record<string, ClusterMap>>, changes: Partial<Image> = {}) {
  const images = Object.keys(maps).map((path) => imageAt(path, { allocated: 0, ...changes }));
  return mostCopied({ images }, new Map(Object.entries(maps))) ?? Number.NaN;
}

test('a disk without data takes tables for all of it', () => {
  // 1 GiB in clusters of 64 KiB: 16384 entries of 8 bytes are 2 tables.
  expect(most({ '/a': mapOf([]) })).toBeGreaterThanOrEqual(2 * CLUSTER);
  expect(most({ '/a': mapOf([]) })).toBeLessThan(8 * CLUSTER);
});

test('what the guest reads counts once, what is hidden not at all', () => {
  const one = most({ '/a': mapOf([1]) });
  expect(most({ '/a': mapOf([1]), '/b': mapOf([1]) })).toBe(one);
  expect(most({ '/a': mapOf([1], [2]), '/b': mapOf([2]) })).toBe(one);
  expect(most({ '/a': mapOf([1]), '/b': mapOf([2]) })).toBe(one + CLUSTER);
});

test('a smaller cluster hides none of a larger one', () => {
  expect(most({ '/a': mapOf([], [32], CLUSTER / 16), '/b': mapOf([2]) })).toBe(most({ '/a': mapOf([2]) }));
});

test('beyond the end of a shorter image nothing is read from the images below', () => {
  const images = [imageAt('/a'), imageAt('/b', { virtualSize: CLUSTER }), imageAt('/c')];
  const maps = new Map([
    ['/a', mapOf([])],
    ['/b', mapOf([])],
    ['/c', mapOf([0, 1, 2])],
  ]);
  const seen = images.map((image) => ({ ...image, allocated: 0 }));
  expect(mostCopied({ images: seen }, maps)).toBe(most({ '/a': mapOf([0]) }));
});

test('the active file’s allocation counts, though its map has less', () => {
  expect(most({ '/a': mapOf([1]) }, { allocated: 5 * CLUSTER })).toBe(most({ '/a': mapOf([1, 2, 3, 4, 5]) }));
});

test('an image that was not inspected counts as full', () => {
  expect(mostCopied({ images: [imageAt('/a')] }, new Map())).toBeGreaterThan(GIB);
  expect(mostCopied({ images: [imageAt('/a', { virtualSize: null })] }, new Map())).toBeNull();
  expect(mostCopied({ images: [] }, new Map())).toBeNull();
});

test('regression: zeros that QEMU learns of in bits smaller than a cluster are copied as data', () => {
  const bits = mapOf([], [32, 64], CLUSTER / 16);
  expect(most({ '/a': bits })).toBe(most({ '/a': mapOf([2, 4]) }));
  // One table of 512 byte clusters reaches 32 KiB.
  const traits = { ...QCOW2, clusterSize: 512 };
  const [active, tiny] = [imageAt('/a', { allocated: 0 }), imageAt('/b', { traits })];
  const maps = new Map([
    ['/a', mapOf([])],
    ['/b', mapOf([], [], 512)],
  ]);
  expect(mostCopied({ images: [active, tiny] }, maps)).toBeGreaterThan(GIB);
});
