import { expect, test } from 'vitest';
import { type ClusterMap, emptyMap, mark } from '../content/cluster-map.ts';
import type { Image } from '../fleet/image.ts';
import { GIB, imageAt, QCOW2 } from '../testing.ts';
import { mostPulled } from './cost.ts';

const CLUSTER = 65536;
/** One L2 table's reach, and what beside the data and its table is allowed for refcounts. */
const overhead = (clusters: number) => clusters * CLUSTER;

function mapOf(data: readonly number[], zeros: readonly number[] = [], size = GIB): ClusterMap {
  const map = emptyMap(size, CLUSTER);
  for (const cluster of data) mark(map.data, cluster);
  for (const cluster of zeros) mark(map.zeros, cluster);
  return map;
}

function most(
  merged: readonly Image[],
  maps: Readonly<Record<string, ClusterMap>>,
  active = imageAt('/active'),
) {
  return mostPulled({ images: [active, ...merged] }, merged, new Map(Object.entries(maps)));
}

test('nothing to merge costs nothing', () => {
  expect(most([], {})).toBe(0);
  expect(most([imageAt('/a')], { '/a': mapOf([]) })).toBe(0);
});

test('a cluster that many images have is copied once', () => {
  const one = most([imageAt('/a')], { '/a': mapOf([1, 2]) });
  expect(most([imageAt('/a'), imageAt('/b')], { '/a': mapOf([1, 2]), '/b': mapOf([1, 2]) })).toBe(one);
  expect(most([imageAt('/a'), imageAt('/b')], { '/a': mapOf([1, 2]), '/b': mapOf([3]) })).toBe(
    (one ?? 0) + CLUSTER,
  );
});

test('the bound stays near the data: tables and refcounts are a handful of clusters', () => {
  const data = Array.from({ length: 1000 }, (_, i) => i);
  const bound = most([imageAt('/a')], { '/a': mapOf(data) }) ?? 0;
  expect(bound).toBeGreaterThan(1000 * CLUSTER);
  expect(bound).toBeLessThanOrEqual(1000 * CLUSTER + overhead(6));
});

test('zeros far from data cost only tables; near data they are copied with it', () => {
  const far = most([imageAt('/a')], { '/a': mapOf([0], [1000, 1001]) });
  const near = most([imageAt('/a')], { '/a': mapOf([0], [1, 2]) });
  expect(far).toBe(most([imageAt('/a')], { '/a': mapOf([0]) }));
  expect(near).toBe((far ?? 0) + 2 * CLUSTER);
});

test('an image that could not be inspected counts as full', () => {
  const full = GIB / CLUSTER;
  const bound = most([imageAt('/a', { allocated: 4096 })], {}) ?? 0;
  expect(bound).toBeGreaterThanOrEqual(full * CLUSTER);
  expect(bound).toBeLessThan(GIB * 1.01);
});

test('a shorter image can fill only its own length', () => {
  const short = imageAt('/a', { virtualSize: GIB / 4 });
  expect(most([short], {})).toBeLessThan(GIB / 3);
});

test('in larger clusters a little data takes more space', () => {
  const coarse = imageAt('/active', { traits: { ...QCOW2, clusterSize: 2 ** 21 } });
  expect(most([imageAt('/a')], { '/a': mapOf([0, 1000]) }, coarse)).toBeGreaterThan(2 * 2 ** 21);
});

test('without any size there is no bound', () => {
  expect(
    most([imageAt('/a', { virtualSize: null })], {}, imageAt('/active', { virtualSize: null })),
  ).toBeNull();
});

test('the largest disks are bounded without being counted', () => {
  const huge = { virtualSize: 2 ** 45 };
  const bound = most([imageAt('/a', huge)], {}, imageAt('/active', huge)) ?? 0;
  expect(bound).toBeGreaterThanOrEqual(2 ** 45);
  expect(bound).toBeLessThan(2 ** 45 * 1.01);
});
