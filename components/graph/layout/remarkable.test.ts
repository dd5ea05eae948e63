import { expect, test } from 'vitest';
import type { SnapshotRecord } from '../../../model/fleet/snapshot-record.ts';
import { deepChain, diskWith, image, record } from '../testing.ts';
import { type Remarks, remarkable } from './remarkable.ts';

const of = ({ records = [], ...more }: Partial<Remarks> & { records?: readonly SnapshotRecord[] }) => [
  ...remarkable({
    chain: deepChain(12),
    target: 'vda',
    recorded: { records, reverts: null, disks: [diskWith(more.chain ?? deepChain(12))] },
    joined: new Set(),
    base: undefined,
    outcome: new Map(),
    ...more,
  }),
];

test('the ends always', () => {
  expect(of({})).toEqual(['l0', 'l11']);
});

test('the picked base with its neighbours', () => {
  expect(of({ base: 'l6' })).toEqual(['l0', 'l5', 'l6', 'l7', 'l11']);
  expect(of({ base: null })).toEqual(['l0', 'l11']);
});

test('where the outcome of the images changes, on both sides', () => {
  const outcome = new Map(
    deepChain(12).images.map(({ key }, i) => [key, i >= 3 && i < 7 ? 'merges' : 'stays'] as const),
  );
  expect(of({ outcome })).toEqual(['l0', 'l2', 'l3', 'l6', 'l7', 'l11']);
});

test('where another disk joins', () => {
  expect(of({ joined: new Set(['l4']) })).toContain('l4');
});

test('images that are missing or that a block job may trip over', () => {
  const { images } = deepChain(12);
  const { traits } = image('x');
  const odd = images.map((one, i) =>
    i === 3
      ? { ...one, missing: true }
      : i === 8
        ? { ...one, traits: { ...traits, internalSnapshots: 1 } }
        : one,
  );
  expect(of({ chain: { images: odd } })).toEqual(['l0', 'l3', 'l8', 'l11']);
});

test('a few records, each on its image', () => {
  expect(of({ records: [record('a', 'l5', 'l4'), record('b', 'l9', 'l8')] })).toEqual([
    'l0',
    'l11',
    'l5',
    'l9',
  ]);
});

test('a record on every layer is nothing remarkable, a stale one among them is', () => {
  const all = Array.from({ length: 11 }, (_, i) => record(`r${i}`, `l${i + 1}`, `l${i}`));
  expect(of({ records: all })).toEqual(['l0', 'l11']);
  expect(of({ records: [...all, record('old', 'l7', 'gone')] })).toEqual(['l0', 'l11', 'l7']);
});
