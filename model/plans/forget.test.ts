import { expect, test } from 'vitest';
import type { RecordedDisk, SnapshotRecord } from '../fleet/snapshot-record.ts';
import { chainOf, diskWith, FACTS, guestWith, REF } from '../testing.ts';
import { planForget } from './forget.ts';

const record = (name: string, disk: Partial<RecordedDisk>): SnapshotRecord => ({
  name,
  description: null,
  createdAt: 1,
  parent: null,
  disks: [{ target: 'vda', kind: 'external', frozen: '/base', overlay: '/active', ...disk }],
});
const records = [
  record('stale', { frozen: '/gone' }),
  record('used', {}),
  record('inside', { kind: 'internal', frozen: '/active', overlay: null }),
];
const guest = guestWith(diskWith(chainOf('/active', '/base')), { records });
const plan = (...names: string[]) => planForget(guest, { kind: 'forget', names }, FACTS);

test('P3: records are forgotten, and nothing else is touched', () => {
  const made = plan('stale', 'stale');
  expect(made).toMatchObject({ guest: REF, disks: [], wholeGuest: false, refusals: [], warnings: [] });
  expect(made.steps).toEqual([{ kind: 'forget', hostId: 'alpha', names: ['stale'] }]);
});

test('a record that is still in use is warned of', () => {
  expect(plan('stale', 'used', 'inside').warnings).toEqual([
    { code: 'RECORD_IN_USE', params: { name: 'used' } },
    { code: 'RECORD_INTERNAL', params: { name: 'inside' } },
  ]);
});

test('a record that is not there is refused by name', () => {
  expect(plan('stale', 'other').refusals).toEqual([{ code: 'RECORD_UNKNOWN', params: { name: 'other' } }]);
});
