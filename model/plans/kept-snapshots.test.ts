import { expect, test } from 'vitest';
import type { RevertBasis } from '../fleet/revert-basis.ts';
import type { SnapshotRecord } from '../fleet/snapshot-record.ts';
import { chainOf, diskWith, guestWith } from '../testing.ts';
import { hiddenWrites, intactSnapshots } from './kept-snapshots.ts';

const record = (name: string, parent: string | null, frozen: string, overlay: string): SnapshotRecord => ({
  ...{ name, description: null, createdAt: 1000, parent },
  disks: [{ target: 'vda', kind: 'external', frozen, overlay }],
});
const records = [record('s1', null, '/base', '/s1'), record('s2', 's1', '/s1', '/s2')];
const reverts: RevertBasis = { current: 's2', aside: [], writtenAt: {} };
const guest = (changes: Partial<RevertBasis> = {}) =>
  guestWith(diskWith(chainOf('/s2', '/s1', '/base')), { records, reverts: { ...reverts, ...changes } });

test('a snapshot whose image somebody wrote is not intact, and our own write must not hide that', () => {
  expect(intactSnapshots(guest())).toEqual(['s1', 's2']);
  const written = guest({ writtenAt: { '/s1': 60_000 } });
  expect(intactSnapshots(written)).toEqual(['s1']);
  expect(hiddenWrites(guest(), ['s1', 's2'])).toBeNull();
  expect(hiddenWrites(written, ['s1'])).toBeNull();
  expect(hiddenWrites(written, ['s1', 's2'])).toEqual({ code: 'CHAIN_CHANGED', params: {} });
  expect(hiddenWrites(written)).toBeNull();
});

test('where libvirt reverts to no external snapshot, nobody judges them', () => {
  expect(intactSnapshots({ ...guest(), reverts: null })).toEqual([]);
});
