import { describe, expect, test } from 'vitest';
import { overlaid, snapshotStep } from '../../../model/overlay.ts';
import type { SnapshotRecord } from '../../../model/snapshot-record.ts';
import { chainOf, diskWith, guestWith } from '../../../model/testing.ts';
import type { StepMemory } from '../step-driver.ts';
import { NOTHING } from '../testing.ts';
import { judgeSnapshot } from './snapshot.ts';

const before = [diskWith(chainOf('/a')), diskWith(chainOf('/b'), { target: 'vdb' })];
const after = [
  diskWith(overlaid(chainOf('/a'), '/x')),
  diskWith(overlaid(chainOf('/b'), '/y'), { target: 'vdb' }),
];
const half = [...after.slice(0, 1), ...before.slice(1)];
const busy = before.map((disk) => ({
  ...disk,
  job: { kind: 'pull', bandwidth: 0, cur: 0, end: 1, ready: false } as const,
}));
const other = before.map((disk) => ({ ...disk, chain: chainOf('/elsewhere') }));
const asked = { name: 's', description: '', quiesce: false };
const step = snapshotStep('alpha', before, asked, [
  { target: 'vda', file: '/x' },
  { target: 'vdb', file: '/y' },
]);
const record: SnapshotRecord = { name: 's', description: null, createdAt: 1, parent: null, disks: [] };

/** The verdict in a word: what to do, or the code of the failure. */
function verdict(memory: Partial<StepMemory>, disks = before, records = [] as SnapshotRecord[]): string {
  const guest = { ...guestWith(diskWith(null)), disks, records };
  const found = judgeSnapshot(step, guest, { ...NOTHING, ...memory });
  return found.do === 'fail' ? found.problem.code : found.do;
}
const intended = { intended: true };
const seen = { intended: true, seen: true };

describe('before libvirt was called', () => {
  test.each([
    [before, [], 'start'],
    [before, [record], 'SNAPSHOT_NAME_TAKEN'],
    [other, [], 'CHAIN_CHANGED'],
    [after, [record], 'CHAIN_CHANGED'],
    [busy, [], 'JOB_RUNNING'],
  ])('%#: %s', (disks, records, expected) => {
    expect(verdict({}, disks, records)).toBe(expected);
  });
});

describe('after the intent', () => {
  test.each([
    [intended, after, [record], 'done'],
    [{ ...intended, cancelling: true }, after, [record], 'done'],
    // libvirt was not called, or lost before it did anything.
    [intended, before, [], 'start'],
    [{ ...intended, cancelling: true }, before, [], 'cancel'],
    [intended, after, [], 'settle'],
    [intended, before, [record], 'settle'],
    [{ ...intended, cancelling: true }, before, [record], 'settle'],
    [{ ...intended, settled: true }, before, [record], 'SNAPSHOT_NAME_TAKEN'],
    [{ ...intended, settled: true }, after, [], 'SNAPSHOT_UNRECORDED'],
    [intended, half, [], 'SNAPSHOT_NOT_VERIFIED'],
    [intended, other, [], 'SNAPSHOT_NOT_VERIFIED'],
    [seen, before, [], 'SNAPSHOT_NOT_VERIFIED'],
    [seen, after, [record], 'done'],
  ])('%#: %j: %s', (memory, disks, records, expected) => {
    expect(verdict(memory, disks, records)).toBe(expected);
  });
});
