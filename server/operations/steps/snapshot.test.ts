import { describe, expect, test } from 'vitest';
import type { Guest } from '../../../model/fleet/guest.ts';
import type { SnapshotRecord } from '../../../model/fleet/snapshot-record.ts';
import { overlaid } from '../../../model/plans/overlay.ts';
import { planSnapshot } from '../../../model/plans/snapshot.ts';
import { snapshotStep } from '../../../model/plans/snapshot-step.ts';
import { problem } from '../../../model/problem.ts';
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

  const failed = problem('MAY_BE_FROZEN', { guest: guest.name, reason: 'agent gone' });

  /** The driver, with the guest's agent in this state. */
  function driven(now: Guest, agent: 'connected' | 'disconnected', quiesce = true) {
    const intent = { ...asked, kind: 'snapshot', quiesce, disks: [{ target: 'vda', file: '/x' }] } as const;
    const plan = planSnapshot(guest, intent, FACTS);
    const [planned] = plan.steps;
    if (planned?.kind !== 'snapshot') throw new Error('The plan has no snapshot');
    const circumstances = async () => ({ agent, savedState: false, persistent: true });
    const host = new FakeHost();
    host.add(DISK_REF);
    host.change(DISK_REF, now);
    const hosts = { host: () => null, guestsOf: () => [], usersOf: () => new Map(), isLost: () => false };
    const ports = {
      ...UNREACHED,
      ...portsOf(host),
      hosts,
      snapshots: { ...UNREACHED.snapshots, circumstances },
    };
    return snapshot(ports, plan, planned);
  }

  test('is thawed once its agent is there, or when it has had its time', async () => {
    expect(await driven(guest, 'connected').judge(unheard)).toEqual({ do: 'thaw' });
    const { judge } = driven(guest, 'disconnected');
    expect(await judge(unheard)).toEqual({ do: 'settle' });
    expect(await judge({ ...unheard, settled: true })).toEqual({ do: 'thaw' });
  });

  const taken = [diskWith(overlaid(chainOf('/a'), '/x')), ...before.slice(1)];
  test.each([
    // The process that asked is gone: the snapshot is taken once more.
    [null, null, before, 'start'],
    [null, 'no agent', before, 'MAY_BE_FROZEN'],
    [failed, null, before, 'SNAPSHOT_THAWED'],
    [failed, null, taken, 'done'],
    [failed, 'no agent', before, 'THAW_FAILED'],
    // Taken or not, an operator has to act.
    [failed, 'no agent', taken, 'THAW_FAILED'],
  ])('is not thawed twice: %#', async (frozen, failure, disks, expected) => {
    const now = { ...guest, disks, records: disks === taken ? [record] : [] };
    const { judge } = driven(now, 'connected');
    expect(nameOf(await judge({ ...unheard, frozen, thaw: { failure } }))).toBe(expected);
  });

  test('is not asked again where it is off by now', async () => {
    const { judge } = driven({ ...guest, state: 'shutoff' }, 'disconnected');
    expect(nameOf(await judge({ ...unheard, frozen: failed }))).toBe('SNAPSHOT_REFUSED');
  });

  test.each([
    ['nobody asked yet', guest, NOTHING, true],
    ['the call came back', guest, { ...unheard, seen: true }, true],
    ['no rest was asked for', guest, unheard, false],
    ['it is off by now', { ...guest, state: 'shutoff' } as const, unheard, true],
  ])('is left alone where %s', async (_, now, memory, quiesce) => {
    expect((await driven(now, 'connected', quiesce).judge(memory)).do).not.toBe('thaw');
  });
});
