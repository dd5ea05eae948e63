import { expect, test } from 'vitest';
import { problem } from '../problem.ts';
import { chainOf, diskWith, guestWith, imageAt } from '../testing.ts';
import { branchesOf, branchReaders } from './branch.ts';
import { keys } from './chain.ts';
import type { Recorded } from './record-state.ts';
import type { AsideImage } from './revert-basis.ts';
import type { RecordedDisk, SnapshotRecord } from './snapshot-record.ts';

const record = (name: string, frozen: string | null, more: Partial<RecordedDisk> = {}): SnapshotRecord => ({
  name,
  description: null,
  createdAt: 0,
  parent: null,
  disks: [{ target: 'vda', kind: 'external', frozen, overlay: null, ...more }],
});

const aside = (path: string, backing: string | null, more: Partial<AsideImage> = {}): AsideImage => ({
  ...imageAt(path),
  backing,
  problem: null,
  ...more,
});

function guest(
  chain: readonly string[],
  beside: readonly AsideImage[],
  ...records: readonly SnapshotRecord[]
): Recorded {
  const reverts = { current: null, aside: beside, writtenAt: {} };
  return guestWith(diskWith(chainOf(...chain)), { records, reverts });
}

const drawn = (of: Recorded) =>
  branchesOf(of, 'vda').map(({ images, on, complete }) => ({ images: keys({ images }), on, complete }));

test('after a revert the branch is backed by the image where it leaves the chain', () => {
  const reverted = guest(['base.1', 'base'], [aside('s1', 'base')], record('a', 'base'), record('b', 's1'));
  expect(drawn(reverted)).toEqual([{ images: ['s1'], on: 'base', complete: true }]);
  expect(branchesOf(reverted, 'vdb')).toEqual([]);
});

test('branches share images, each of which is there once: the shorter ones rest on the longest', () => {
  const beside = [aside('s3', 's2'), aside('s2', 's1'), aside('s1', 'base'), aside('x', 's1')];
  const forked = guest(
    ['base.1', 'base'],
    beside,
    ...['base', 'x', 's1', 's2', 's3'].map((key) => record(key, key)),
  );
  expect(drawn(forked)).toEqual([
    { images: ['s3', 's2', 's1'], on: 'base', complete: true },
    { images: ['x'], on: 's1', complete: true },
  ]);
});

test('after a pull of everything the old images are a branch that is backed by nothing', () => {
  const pulled = guest(['s2'], [aside('s1', 'base'), aside('base', null)], record('b', 's1'));
  expect(drawn(pulled)).toEqual([{ images: ['s1', 'base'], on: null, complete: true }]);
});

test('the overlay of a revert is there too, and so is what the guest’s other disks have', () => {
  const moved = guest(['moved'], [aside('base.1', 'base'), aside('base', null)], {
    ...record('a', 'base', { reverted: 'base.1' }),
  });
  expect(drawn(moved)).toEqual([{ images: ['base.1', 'base'], on: null, complete: true }]);
  const other = { ...diskWith(chainOf('other', 'golden')), target: 'vdb' };
  const both = guest(['active'], [], record('a', 'other'));
  expect(drawn({ ...both, disks: [...both.disks, other] })).toEqual([
    { images: ['other', 'golden'], on: null, complete: true },
  ]);
});

test('what could not be read is unknown, not the end', () => {
  const unreadable = problem('VOLUME_UNKNOWN', { volume: 's1' });
  expect(drawn(guest(['a'], [aside('s1', null, { problem: unreadable })], record('b', 's1')))).toEqual([
    { images: ['s1'], on: null, complete: false },
  ]);
  expect(drawn(guest(['a'], [aside('s1', null, { missing: true })], record('b', 's1')))).toEqual([
    { images: ['s1'], on: null, complete: false },
  ]);
  const [nothing] = branchesOf(guest(['a'], [], record('b', 'elsewhere')), 'vda');
  expect(nothing).toMatchObject({
    images: [{ key: 'elsewhere', format: null, allocated: null, virtualSize: null, missing: false }],
    complete: false,
  });
});

test('there are none where libvirt can’t revert, and of a record that names no image', () => {
  const stale = guest(['s2'], [], record('b', 's1'));
  expect(branchesOf({ ...stale, reverts: null }, 'vda')).toEqual([]);
  expect(branchReaders({ ...stale, reverts: null }, 'vda')).toEqual(new Map());
  expect(drawn(guest(['s2'], [], record('b', null)))).toEqual([]);
});

test('an image is read by the snapshots of all branches that rest on it, and not by those of the chain', () => {
  const beside = [aside('s2', 's1'), aside('s1', 'base')];
  const both = guest(['t', 'base'], beside, record('a', 'base'), record('b', 's1'), record('c', 's2'));
  expect(Object.fromEntries(branchReaders(both, 'vda'))).toEqual({
    s1: ['b', 'c'],
    s2: ['c'],
    base: ['b', 'c'],
  });
});
