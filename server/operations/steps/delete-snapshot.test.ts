import { expect, test, vi } from 'vitest';
import type { Guest } from '../../../model/fleet/guest.ts';
import type { SnapshotRecord } from '../../../model/fleet/snapshot-record.ts';
import { planDeleteSnapshot } from '../../../model/plans/delete-snapshot/delete-snapshot.ts';
import type { DeleteSnapshotStep } from '../../../model/plans/delete-snapshot/delete-snapshot-step.ts';
import { chainOf, DISK_REF, diskWith, FACTS, guestWith } from '../../../model/testing.ts';
import { FakeHost, portsOf } from '../testing/fake-host.ts';
import { UNREACHED } from '../testing/unreached.ts';
import { NOTHING } from '../testing/verdicts.ts';
import { deleteSnapshot, judgeDeletion } from './delete-snapshot.ts';

const step: DeleteSnapshotStep = {
  ...{ kind: 'delete-snapshot', hostId: 'alpha', name: 's1', deleted: ['/s1'] },
  merges: [{ target: 'vda', before: ['/s1', '/base'], after: ['/base'] }],
};
const record = { name: 's1', description: null, createdAt: 1, parent: null, disks: [] };
const there = guestWith(diskWith(chainOf('/s1', '/base')), { records: [record] });
const gone = guestWith(diskWith(chainOf('/base')));
const intended = { ...NOTHING, intended: true };

test('it is done when the record is gone, and not begun where it was gone before', () => {
  expect(judgeDeletion(step, there, NOTHING)).toEqual({ do: 'start' });
  expect(judgeDeletion(step, gone, intended)).toEqual({ do: 'done' });
  expect(judgeDeletion(step, gone, NOTHING)).toMatchObject({ problem: { code: 'RECORD_UNKNOWN' } });
  expect(judgeDeletion(step, there, { ...intended, seen: true })).toMatchObject({
    problem: { code: 'DELETE_SNAPSHOT_NOT_VERIFIED' },
  });
  expect(judgeDeletion(step, there, { ...NOTHING, cancelling: true })).toEqual({ do: 'cancel' });
});

test('where a process died, libvirt may still merge; when it is over, the same deletion ends what is left', () => {
  const job = { kind: 'commit', bandwidth: 0, cur: 0, end: 9, ready: false } as const;
  const busy = { ...there, disks: [diskWith(chainOf('/s1', '/base'), { job })] };
  expect(judgeDeletion(step, busy, intended)).toEqual({
    do: 'wait',
    beside: { target: 'vda', job: 'commit' },
  });
  expect(judgeDeletion(step, busy, NOTHING)).toMatchObject({ problem: { code: 'JOB_RUNNING' } });
  expect(judgeDeletion(step, there, intended)).toEqual({ do: 'settle' });
  expect(judgeDeletion(step, there, { ...intended, settled: true })).toEqual({ do: 'start' });
});

test('what somebody wrote since the plan was made would be hidden by the deletion, which is not begun', async () => {
  const taken = (name: string, parent: string | null, frozen: string, overlay: string): SnapshotRecord => ({
    ...{ name, description: null, createdAt: 1000, parent },
    disks: [{ target: 'vda', kind: 'external', frozen, overlay }],
  });
  const records = [taken('s1', null, '/base', '/s1'), taken('s2', 's1', '/s1', '/s2')];
  const seen = (writtenAt: Readonly<Record<string, number>>): Guest =>
    guestWith(diskWith(chainOf('/s2', '/s1', '/base')), {
      records,
      reverts: { current: 's2', aside: [], writtenAt },
    });
  const facts = { ...FACTS, freeSpaces: new Map(), dependents: [] };
  const plan = planDeleteSnapshot(seen({}), { kind: 'delete-snapshot', name: 's1' }, facts);
  const remove = vi.fn(async () => {});
  async function start(guest: Guest, kept: readonly string[]) {
    const host = new FakeHost();
    host.add(DISK_REF);
    host.change(DISK_REF, guest);
    const hosts = { host: () => null, guestsOf: () => [], usersOf: () => new Map(), isLost: () => false };
    const ports = { ...portsOf(host), hosts, snapshots: { ...UNREACHED.snapshots, remove } };
    await deleteSnapshot(ports, { ...plan, kept }, step).start(0, () => {});
  }
  await expect(start(seen({ '/s1': 60_000 }), ['s2'])).rejects.toMatchObject({
    problem: { code: 'CHAIN_CHANGED' },
  });
  expect(remove).not.toHaveBeenCalled();
  await start(seen({ '/s1': 60_000 }), []);
  await start(seen({}), ['s2']);
  expect(remove).toHaveBeenCalledTimes(2);
});
