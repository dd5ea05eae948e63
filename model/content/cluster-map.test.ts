import { expect, test } from 'vitest';
import { addBits, countMarked, emptyMap, isMarked, mark, marked, markRange } from './cluster-map.ts';

const bits = (...clusters: number[]) => {
  const found = new Uint32Array(8);
  for (const cluster of clusters) mark(found, cluster);
  return found;
};
const added = (into: number, from: number, clusters: number, ...set: number[]) => {
  const found = new Uint32Array(8);
  addBits(found, into, bits(...set), from, clusters);
  return [...marked(found)];
};

test('marks are found again, in order and with the highest bit of a word', () => {
  expect([...marked(bits(31, 0, 32, 200))]).toEqual([0, 31, 32, 200]);
  expect(countMarked(bits(31, 0, 32, 200))).toBe(4);
  expect([isMarked(bits(31), 31), isMarked(bits(31), 30), isMarked(bits(31), 5000)]).toEqual([
    true,
    false,
    false,
  ]);
});

test.each([
  [0, 0],
  [3, 5],
  [0, 32],
  [30, 100],
  [31, 33],
])('a range from %i to %i', (first, end) => {
  const found = new Uint32Array(8);
  markRange(found, first, end);
  expect([...marked(found)]).toEqual(Array.from({ length: end - first }, (_, i) => first + i));
});

test('a larger cluster covers many smaller ones, up to the end of the disk', () => {
  expect(added(512, 2048, 100, 1)).toEqual([4, 5, 6, 7]);
  expect(added(512, 2048, 6, 1)).toEqual([4, 5]);
});

test('smaller clusters mark the larger one that contains them', () => {
  expect(added(2048, 512, 100, 3, 4, 7)).toEqual([0, 1]);
});

test('clusters of one size are joined, in a longer disk too', () => {
  expect(added(512, 512, 256, 5, 64)).toEqual([5, 64]);
  const longer = new Uint32Array(16);
  addBits(longer, 512, bits(9), 512, 512);
  expect([...marked(longer)]).toEqual([9]);
});

test('a map has a bit for the last, broken cluster', () => {
  expect(emptyMap(32 * 512 + 1, 512).data).toHaveLength(2);
  expect(emptyMap(0, 512).data).toHaveLength(0);
});
