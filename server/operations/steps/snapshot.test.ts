import { describe, expect, test } from 'vitest';
import type { Guest } from '../../../model/fleet/guest.ts';
import type { SnapshotRecord } from '../../../model/fleet/snapshot-record.ts';
import { overlaid } from '../../../model/plans/overlay.ts';
import { planSnapshot } from '../../../model/plans/snapshot.ts';
import { snapshotStep } from '../../../model/plans/snapshot-step.ts';
import { chainOf, DISK_REF, diskWith, FACTS, guestWith } from '../../../model/testing.ts';
import { FakeHost, portsOf } from '../testing/fake-host.ts';
import { UNREACHED } from '../testing/unreached.ts';
import { NOTHING, nameOf } from '../testing/verdicts.ts';
import type { StepMemory } from '../verdict.ts';
import { judgeSnapshot, snapshot } from './snapshot.ts';

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

/** What is to be done, or the code of the failure. */
function verdict(memory: Partial<StepMemory>, disks = before, records = [] as SnapshotRecord[]): string {
  const guest = { ...guestWith(diskWith(null)), disks, records };
  return nameOf(judgeSnapshot(step, guest, { ...NOTHING, ...memory }));
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

describe('a guest that was asked to freeze, where no answer came,', () => {
  const guest = { ...guestWith(diskWith(null)), disks: before };
  const unheard = { ...NOTHING, intended: true };

  /** The driver, and how often it let the guest go. */
  function driven(now: Guest, answer: string | null, quiesce = true) {
    const intent = { ...asked, kind: 'snapshot', quiesce, disks: [{ target: 'vda', file: '/x' }] } as const;
    const plan = planSnapshot(guest, intent, FACTS);
    const [planned] = plan.steps;
    if (planned?.kind !== 'snapshot') throw new Error('The plan has no snapshot');
    let thaws = 0;
    const thaw = async () => {
      thaws += 1;
      return answer;
    };
    const host = new FakeHost();
    host.add(DISK_REF);
    host.change(DISK_REF, now);
    const hosts = { host: () => null, guestsOf: () => [], usersOf: () => new Map(), isLost: () => false };
    const ports = { ...UNREACHED, ...portsOf(host), hosts, snapshots: { ...UNREACHED.snapshots, thaw } };
    return { ...snapshot(ports, plan, planned), thaws: () => thaws };
  }

  test('is thawed before it is asked again', async () => {
    const { judge, thaws } = driven(guest, null);
    expect(await judge(unheard)).toEqual({ do: 'start' });
    expect(thaws()).toBe(1);
  });

  test('is reported where it can’t be thawed', async () => {
    const { judge } = driven(guest, 'no agent');
    expect(await judge(unheard)).toEqual({ do: 'settle' });
    expect(await judge({ ...unheard, settled: true })).toMatchObject({
      do: 'fail',
      problem: { code: 'MAY_BE_FROZEN', params: { guest: guest.name, reason: 'no agent' } },
    });
  });

  test.each([
    ['nobody asked yet', guest, NOTHING, true],
    ['the call came back', guest, { ...unheard, seen: true }, true],
    ['no rest was asked for', guest, unheard, false],
    ['it is off by now', { ...guest, state: 'shutoff' } as const, unheard, true],
  ])('is left alone where %s', async (_, now, memory, quiesce) => {
    const { judge, thaws } = driven(now, null, quiesce);
    await judge(memory);
    expect(thaws()).toBe(0);
  });
});
