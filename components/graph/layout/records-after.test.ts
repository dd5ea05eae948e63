import { expect, test } from 'vitest';
import { recordStates } from '../../../model/fleet/record-state.ts';
import type { SnapshotRecord } from '../../../model/fleet/snapshot-record.ts';
import { planDeleteSnapshot } from '../../../model/plans/delete-snapshot/delete-snapshot.ts';
import { chainOf, diskWith, FACTS, guestWith } from '../../../model/testing.ts';
import { recordedAfter } from './records-after.ts';

const record = (name: string, parent: string | null, frozen: string, overlay: string): SnapshotRecord => ({
  ...{ name, description: null, createdAt: 1, parent },
  disks: [{ target: 'vda', kind: 'external', frozen, overlay }],
});
const records = [record('one', null, '/base', '/one'), record('two', 'one', '/one', '/two')];
const guest = guestWith(diskWith(chainOf('/two', '/one', '/base')), {
  records,
  reverts: { current: 'two', aside: [], writtenAt: {} },
});

function after(name: string) {
  const facts = { ...FACTS, freeSpaces: new Map(), dependents: [] };
  const plan = planDeleteSnapshot(guest, { kind: 'delete-snapshot', name }, facts);
  return recordedAfter(plan, guest, 'vda', plan.disks[0]?.after ?? { images: [] });
}

test('regression: the merged image of a deleted snapshot was drawn as needed by the next snapshot', () => {
  const later = after('one');
  expect(later.reverts?.aside).toEqual([]);
  expect(later.records).toMatchObject([{ name: 'two', parent: null, disks: [{ frozen: '/base' }] }]);
  expect([...recordStates(later)]).toEqual([['two', 'good']]);
});

test('after the deletion of the current snapshot the one before it is current', () => {
  const later = after('two');
  expect(later.reverts).toMatchObject({ current: 'one', aside: [] });
  expect([...recordStates(later)]).toEqual([['one', 'good']]);
});
