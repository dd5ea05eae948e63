import { expect, test } from 'vitest';
import { chainOf, diskWith } from '../testing.ts';
import { inOrder, isStale, recordsOn, type SnapshotRecord } from './snapshot-record.ts';

function record(frozen: string | null, overlay: string | null, target = 'vda'): SnapshotRecord {
  const disks = [{ target, kind: overlay === null ? 'internal' : 'external', frozen, overlay } as const];
  return { name: 'r', description: null, createdAt: 0, parent: null, disks };
}
const disks = [diskWith(chainOf('/active', '/base'))];

test.each([
  [record('/base', '/active'), false],
  [record('/gone', '/active'), true],
  [record('/base', '/gone'), true],
  [record('/active', null), false],
  [record(null, '/active'), false],
  // Of a disk that is not there, or whose chain nobody knows, nothing can be said.
  [record('/gone', '/gone', 'vdz'), false],
])('%#: stale %s', (given, stale) => {
  expect(isStale(given, disks)).toBe(stale);
});

test('a chain that could not be read makes no record stale', () => {
  expect(isStale(record('/base', '/active'), [diskWith(null)])).toBe(false);
});

test('regression: a chain that could be followed in part only made records stale, which a flatten then forgot', () => {
  const problem = { code: 'NOT_IN_POOL', params: {} } as const;
  expect(isStale(record('/base', '/sn1'), [diskWith(chainOf('/active'), { problem })])).toBe(false);
});

test('a record hangs on the image that it froze, on its own disk', () => {
  const given = [record('/base', '/active'), record('/base', '/active', 'vdb')];
  expect(recordsOn(given, 'vda', '/base')).toEqual([given[0]]);
  expect(recordsOn(given, 'vda', '/active')).toEqual([]);
});

test('regression: records of one second were in a random order', () => {
  const made = (name: string, createdAt: number, parent: string | null) => ({
    ...record(null, null),
    name,
    createdAt,
    parent,
  });
  const ordered = [
    made('old', 1000, null),
    made('zulu', 2000, 'gone'),
    made('mike', 2000, 'zulu'),
    made('echo', 2000, 'mike'),
    made('kilo', 2000, 'mike'),
    made('alfa', 3000, 'echo'),
  ];
  expect(inOrder(ordered.toReversed())).toEqual(ordered);
  expect(inOrder([3, 5, 1, 0, 4, 2].flatMap((n) => ordered[n] ?? []))).toEqual(ordered);
  const circle = [made('a', 0, 'b'), made('b', 0, 'a')];
  expect(inOrder(circle.toReversed())).toEqual(circle);
});
