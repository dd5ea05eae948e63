import { expect, test } from 'vitest';
import { type ClusterMap, emptyMap, mark } from '../content/cluster-map.ts';
import { GIB, imageAt, QCOW2 } from '../testing.ts';
import { mostCommitted } from './commit-cost.ts';

const KIB = 1024;
const CLUSTER = 64 * KIB;

function mapOf(data: readonly number[], zeros: readonly number[] = []): ClusterMap {
  const map = emptyMap(GIB, CLUSTER);
  for (const cluster of data) mark(map.data, cluster);
  for (const cluster of zeros) mark(map.zeros, cluster);
  return map;
}

const raw = imageAt('/raw', { format: 'raw', traits: { ...QCOW2, clusterSize: null } });
const most = (maps: Readonly<Record<string, ClusterMap>>, base = imageAt('/base'), isActive = false) =>
  mostCommitted(
    Object.keys(maps).map((path) => imageAt(path, { allocated: 0 })),
    base,
    new Map(Object.entries(maps)),
    isActive,
  );

test('zeros become data', () => {
  expect(most({ '/a': mapOf([1, 2]) })).toBe(most({ '/a': mapOf([1], [2]) }));
  expect(most({ '/a': mapOf([]) })).toBe(0);
});

test('a cluster that many images have is written once', () => {
  expect(most({ '/a': mapOf([1, 2]), '/b': mapOf([2]) })).toBe(most({ '/a': mapOf([1, 2]) }));
  expect(most({ '/a': mapOf([1]), '/b': mapOf([2]) })).toBe(most({ '/a': mapOf([1, 2]) }));
});

test('into a raw image there is nothing but the data', () => {
  expect(most({ '/a': mapOf([1, 2]) }, raw)).toBe(2 * CLUSTER);
  expect(most({ '/a': mapOf([1, 2]) }, raw, true)).toBe(2 * CLUSTER);
});

test('into larger clusters whole ones are written', () => {
  const base = imageAt('/base', { traits: { ...QCOW2, clusterSize: 16 * CLUSTER } });
  expect(most({ '/a': mapOf([0, 1, 15]) }, base)).toBe(most({ '/a': mapOf([0]) }, base));
  expect(most({ '/a': mapOf([0, 16]) }, base)).toBe((most({ '/a': mapOf([0]) }, base) ?? 0) + 16 * CLUSTER);
});

test('for the active image, its file’s allocation counts, though its map has less', () => {
  const active = imageAt('/active', { allocated: 10 * CLUSTER });
  const maps = new Map([['/active', mapOf([1, 2])]]);
  expect(mostCommitted([active], raw, maps, true)).toBe(10 * CLUSTER);
  expect(mostCommitted([active], raw, maps, false)).toBe(2 * CLUSTER);
});

test('an image that was not inspected counts as full, one of unknown size makes the bound unknown', () => {
  expect(mostCommitted([imageAt('/a', { virtualSize: 10 * CLUSTER })], raw, new Map(), false)).toBe(
    10 * CLUSTER,
  );
  expect(mostCommitted([imageAt('/a', { virtualSize: null })], raw, new Map(), false)).toBeNull();
  expect(mostCommitted([], raw, new Map(), false)).toBe(0);
});

test('a disk with more clusters than can be counted is bounded by its size', () => {
  const a = imageAt('/a', { virtualSize: 2 ** 45 });
  expect(mostCommitted([a], raw, new Map(), false)).toBe(2 ** 45);
});
