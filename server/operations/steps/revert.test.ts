import { expect, test } from 'vitest';
import type { Guest } from '../../../model/fleet/guest.ts';
import type { SnapshotRecord } from '../../../model/fleet/snapshot-record.ts';
import type { RevertStep } from '../../../model/plans/revert/revert-step.ts';
import { chainOf, diskWith, guestWith } from '../../../model/testing.ts';
import { NOTHING } from '../testing/verdicts.ts';
import { judgeRevert } from './revert.ts';
import { judgeStop } from './stop.ts';

const record = (name: string, parent: string | null, frozen: string, overlay: string): SnapshotRecord => ({
  ...{ name, description: null, createdAt: 1, parent },
  disks: [{ target: 'vda', kind: 'external', frozen, overlay }],
});
const records = [record('s1', null, '/base', '/s1'), record('kept', 's1', '/s1', '/kept')];
const step: RevertStep = {
  ...{ kind: 'revert', hostId: 'alpha', name: 's1', from: 'kept', deleted: ['/kept'] },
  disks: [{ target: 'vda', before: ['/kept', '/s1', '/base'], below: ['/base'] }],
};

function guest(current: string, images: readonly string[], changes: Partial<Guest> = {}): Guest {
  const reverts = { current, aside: [], writtenAt: {} };
  return guestWith(diskWith(chainOf(...images)), { state: 'shutoff', records, reverts, ...changes });
}

const before = guest('kept', ['/kept', '/s1', '/base']);
const reverted = guest('s1', ['/base.9', '/base']);
const intended = { ...NOTHING, intended: true };

test('a revert begins on the guest of the plan, which is off', () => {
  expect(judgeRevert(step, before, NOTHING)).toEqual({ do: 'start' });
  expect(judgeRevert(step, { ...before, state: 'running' }, NOTHING)).toMatchObject({
    problem: { code: 'STARTED_AGAIN' },
  });
  expect(judgeRevert(step, guest('other', ['/kept', '/s1', '/base']), NOTHING)).toMatchObject({
    problem: { code: 'CHAIN_CHANGED' },
  });
  expect(judgeRevert(step, reverted, NOTHING)).toMatchObject({ problem: { code: 'CHAIN_CHANGED' } });
  expect(judgeRevert(step, before, { ...NOTHING, cancelling: true })).toEqual({ do: 'cancel' });
});

test('it is done when the snapshot is current and a new overlay is on what it froze, also if somebody started the guest since', () => {
  expect(judgeRevert(step, reverted, intended)).toEqual({ do: 'done' });
  expect(judgeRevert(step, { ...reverted, state: 'running' }, intended)).toEqual({ do: 'done' });
  expect(judgeRevert(step, guest('kept', ['/base.9', '/base']), intended)).toMatchObject({ do: 'fail' });
});

test('where a process died, libvirt may still be at it; then it begins again', () => {
  expect(judgeRevert(step, before, intended)).toEqual({ do: 'settle' });
  expect(judgeRevert(step, before, { ...intended, settled: true })).toEqual({ do: 'start' });
  expect(judgeRevert(step, before, { ...intended, settled: true, cancelling: true })).toEqual({
    do: 'cancel',
  });
});

test('a revert that libvirt reported, and that did not happen, fails', () => {
  expect(judgeRevert(step, before, { ...intended, seen: true })).toMatchObject({
    problem: { code: 'REVERT_NOT_VERIFIED' },
  });
});

test('a second revert to the current snapshot is recognised by its other overlay', () => {
  const leaf: RevertStep = {
    ...step,
    from: 's1',
    disks: [{ target: 'vda', before: ['/s1', '/base'], below: ['/base'] }],
  };
  expect(judgeRevert(leaf, guest('s1', ['/s1', '/base']), NOTHING)).toEqual({ do: 'start' });
  expect(judgeRevert(leaf, guest('s1', ['/base.9', '/base']), intended)).toEqual({ do: 'done' });
});

test('a guest is stopped once, and not where somebody started it again or a job runs', () => {
  const running = guest('kept', ['/kept'], { state: 'running' });
  expect(judgeStop(running, NOTHING)).toEqual({ do: 'start' });
  expect(judgeStop(before, NOTHING)).toEqual({ do: 'done' });
  expect(judgeStop(running, { ...intended, seen: true })).toMatchObject({
    problem: { code: 'STARTED_AGAIN' },
  });
  expect(judgeStop(running, { ...NOTHING, cancelling: true })).toEqual({ do: 'cancel' });
  const job = { kind: 'pull', bandwidth: 0, cur: 0, end: 9, ready: false } as const;
  const busy = { ...running, disks: [diskWith(chainOf('/kept'), { job })] };
  expect(judgeStop(busy, NOTHING)).toMatchObject({ problem: { code: 'JOB_RUNNING' } });
});
