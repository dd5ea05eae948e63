import { expect, test } from 'vitest';
import { type ClusterMap, emptyMap, mark } from '../../content/cluster-map.ts';
import type { Image } from '../../fleet/image.ts';
import { imageAt, QCOW2 } from '../../testing.ts';
import { hiddenBytes } from './hidden-bytes.ts';

const KIB = 1024;
const CLUSTER = 64 * KIB;
const SIZE = 100 * CLUSTER;

/** Clusters by their numbers: with data, and with zeros. */
type Clusters = readonly [data: readonly number[], zeros?: readonly number[]];

function mapOf([data, zeros = []]: Clusters, clusterSize = CLUSTER, size = SIZE): ClusterMap {
  const map = emptyMap(size, clusterSize);
  for (const at of data) mark(map.data, at);
  for (const at of zeros) mark(map.zeros, at);
  return map;
}

const sized = (path: string, changes: Partial<Image> = {}) =>
  imageAt(path, { virtualSize: SIZE, ...changes });
const TOP = sized('/top');
const OLD = sized('/old');

const hidden = (top: Clusters, old: Clusters, stays = false) =>
  hiddenBytes(
    TOP,
    [OLD],
    new Map([
      ['/top', mapOf(top)],
      ['/old', mapOf(old)],
    ]),
    stays,
  );

test('a pull leaves none: what the merged images hold, the active one holds as data or as zeros', () => {
  expect(hidden([[1, 2, 70], [3]], [[2, 3, 70]])).toBe(0);
  expect(hidden([[], []], [[], []])).toBe(0);
});

test('a discard in an image that can’t note zeros leaves what the old image holds there', () => {
  expect(hidden([[1]], [[1, 2, 99]])).toBe(2 * CLUSTER);
});

test('zeros of an old image count only where something else is below: else both read as zeros', () => {
  expect(hidden([[]], [[], [5]])).toBe(0);
  expect(hidden([[]], [[], [5]], true)).toBe(CLUSTER);
});

test('beyond the end of an old image the disk reads zeros, which hide what stays below', () => {
  const short = sized('/old', { virtualSize: 50 * CLUSTER });
  const maps = new Map([
    ['/top', mapOf([[]])],
    ['/old', mapOf([[]], CLUSTER, 50 * CLUSTER)],
  ]);
  expect(hiddenBytes(TOP, [short], maps, false)).toBe(0);
  expect(hiddenBytes(TOP, [short], maps, true)).toBe(50 * CLUSTER);
});

test('where the disk ends, an old image that is longer counts no more', () => {
  const long = sized('/old', { virtualSize: 110 * CLUSTER });
  const maps = new Map([
    ['/top', mapOf([[1]])],
    ['/old', mapOf([[1, 105]], CLUSTER, 110 * CLUSTER)],
  ]);
  expect(hiddenBytes(TOP, [long], maps, false)).toBe(0);
});

test('a disk that grew over a longer old image reads zeros where that one holds data', () => {
  const maps = new Map([
    ['/top', mapOf([[1]])],
    ['/old', mapOf([[1, 60]])],
  ]);
  expect(hiddenBytes(TOP, [OLD], maps, false)).toBe(CLUSTER);
});

test('clusters of other sizes are compared in those of the active image', () => {
  const at = (cluster: number, clusterSize: number) =>
    new Map([
      ['/top', mapOf([[1]])],
      ['/old', mapOf([[cluster]], clusterSize)],
    ]);
  expect(hiddenBytes(TOP, [OLD], at(16, 4 * KIB), false)).toBe(0);
  expect(hiddenBytes(TOP, [OLD], at(32, 4 * KIB), false)).toBe(CLUSTER);
  expect(hiddenBytes(TOP, [OLD], at(0, 128 * KIB), false)).toBe(CLUSTER);
});

test('what can’t be read is unknown', () => {
  const [top, old] = [mapOf([[1]]), mapOf([[1]])];
  expect(hiddenBytes(TOP, [OLD], new Map([['/top', top]]), false)).toBeNull();
  expect(hiddenBytes(TOP, [OLD], new Map([['/old', old]]), false)).toBeNull();
  const both = new Map([
    ['/top', top],
    ['/old', old],
  ]);
  expect(hiddenBytes(sized('/top', { virtualSize: null }), [OLD], both, false)).toBeNull();
  expect(hiddenBytes(TOP, [sized('/old', { virtualSize: null })], both, false)).toBeNull();
});

test('a map of extended L2 entries that is by whole clusters does not say that a cluster is held whole', () => {
  const extended = sized('/top', { traits: { ...QCOW2, extendedL2: true } });
  const maps = (clusterSize: number) =>
    new Map([
      ['/top', mapOf([[0]], clusterSize)],
      ['/old', mapOf([[0]], 2 * KIB)],
    ]);
  expect(hiddenBytes(extended, [OLD], maps(CLUSTER), false)).toBeNull();
  expect(hiddenBytes(extended, [OLD], maps(CLUSTER / 32), false)).toBe(0);
});
