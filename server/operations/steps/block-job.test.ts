import { describe, expect, test } from 'vitest';
import { flattened, keys } from '../../../model/fleet/chain.ts';
import type { Disk } from '../../../model/fleet/disk.ts';
import type { Guest } from '../../../model/fleet/guest.ts';
import { chainOf, diskWith, guestWith } from '../../../model/testing.ts';
import { NOTHING, nameOf } from '../testing/verdicts.ts';
import type { StepMemory } from '../verdict.ts';
import { judgeJob } from './block-job.ts';
import { PULL } from './pull.ts';

const before = chainOf('/active', '/sn1', '/base');
const after = flattened(before, '/base');
const step = { hostId: 'alpha', target: 'vda', before: keys(before), after: keys(after) };
const other = chainOf('/active', '/elsewhere', '/base');
const job = { kind: 'pull', bandwidth: 0, cur: 0, end: 9, ready: false } as const;

const STARTED = { ...NOTHING, intended: true, seen: true };

/** What is to be done, or the code of the failure. */
function verdict(memory: Partial<StepMemory>, disk: Partial<Disk> = {}, guest: Partial<Guest> = {}): string {
  const now = diskWith(before, disk);
  return nameOf(judgeJob(step, PULL, guestWith(now, guest), now, { ...NOTHING, ...memory }));
}

describe('before libvirt was called', () => {
  test.each([
    [{}, {}, {}, 'start'],
    [{}, { chain: other }, {}, 'CHAIN_CHANGED'],
    [{}, { chain: null }, {}, 'CHAIN_CHANGED'],
    [{}, { chain: after }, {}, 'done'],
    [{}, { job }, {}, 'JOB_RUNNING'],
    [{}, {}, { state: 'shutoff' }, 'GUEST_NOT_RUNNING'],
    [{}, {}, { state: 'paused' }, 'start'],
  ] as const)('%#: %j %j %j: %s', (memory, disk, guest, expected) => {
    expect(verdict(memory, disk, guest)).toBe(expected);
  });
});

test('a job on another disk is waited for; a job that only waits for its pivot is not', () => {
  const now = diskWith(before);
  const judge = (memory: Partial<StepMemory>, beside: Partial<Disk>) =>
    judgeJob(
      step,
      PULL,
      guestWith(now, { disks: [now, { ...diskWith(other), target: 'vdb', ...beside }] }),
      now,
      { ...NOTHING, ...memory },
    );
  expect(judge({}, { job })).toEqual({ do: 'wait', beside: { target: 'vdb', job: 'pull' } });
  expect(judge({}, { job: { ...job, kind: 'copy', ready: true } })).toEqual({ do: 'start' });
  expect(judge({ intended: true, cancelling: true }, { job })).toEqual({ do: 'cancel' });
  // A step that was started before continues beside it.
  expect(judge({ intended: true, seen: true }, { job })).toEqual({ do: 'settle' });
});

describe('after the intent, before the job was seen', () => {
  const intended = { intended: true };
  test.each([
    [intended, {}, 'start'],
    [intended, { job }, 'watch'],
    [intended, { job: { ...job, kind: 'commit' } }, 'JOB_RUNNING'],
    [intended, { chain: after }, 'done'],
    [intended, { chain: other }, 'PULL_NOT_VERIFIED'],
    [{ ...intended, cancelling: true }, {}, 'cancel'],
  ] as const)('%#: %j %j: %s', (memory, disk, expected) => {
    expect(verdict(memory, disk)).toBe(expected);
  });
});

describe('after the job was seen', () => {
  test.each([
    [{}, { job }, 'watch'],
    [{ cancelling: true }, { job }, 'watch'],
    // However it ended: only the chain is believed.
    [{ ending: 'failed', reason: 'late' }, { chain: after }, 'done'],
    [{ cancelling: true, ending: 'completed' }, { chain: after }, 'done'],
    [{}, {}, 'settle'],
    [{ settled: true }, {}, 'JOB_LOST'],
    [{ ending: 'completed' }, {}, 'settle'],
    [{ ending: 'completed', settled: true }, {}, 'PULL_NOT_VERIFIED'],
    [{ ending: 'failed', reason: 'No space left on device' }, {}, 'PULL_FAILED'],
    [{ ending: 'failed' }, {}, 'settle'],
    [{ ending: 'failed', settled: true }, {}, 'PULL_FAILED'],
    [{ ending: 'cancelled' }, {}, 'JOB_ABORTED_ELSEWHERE'],
    [{ ending: 'cancelled', cancelling: true }, {}, 'cancel'],
    [{ cancelling: true }, {}, 'settle'],
    [{ cancelling: true, settled: true }, {}, 'cancel'],
    [{}, { chain: other }, 'PULL_NOT_VERIFIED'],
  ] as const)('%#: %j %j: %s', (memory, disk, expected) => {
    expect(verdict({ ...STARTED, ...memory }, disk)).toBe(expected);
  });

  test('a guest that stopped ended its job, unless the chain shows that the job was over', () => {
    const stopped = { state: 'shutoff' } as const;
    expect(verdict(STARTED, {}, stopped)).toBe('GUEST_STOPPED');
    expect(verdict({ ...STARTED, cancelling: true }, {}, stopped)).toBe('cancel');
    expect(verdict(STARTED, { chain: after }, stopped)).toBe('done');
  });
});

test("QEMU's reason reaches the operator", () => {
  const now = diskWith(before);
  const memory = { ...STARTED, reason: 'No space left on device' };
  expect(judgeJob(step, PULL, guestWith(now), now, memory)).toEqual({
    do: 'fail',
    problem: { code: 'PULL_FAILED', params: { reason: 'No space left on device' } },
  });
});
