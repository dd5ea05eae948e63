import { describe, expect, test } from 'vitest';
import { flattened } from '../../model/chain.ts';
import { planFlatten } from '../../model/flatten.ts';
import type { Disk, Guest } from '../../model/guest.ts';
import { chainOf, DISK_REF, diskWith, FACTS, guestWith } from '../../model/testing.ts';
import { judgePull, type PullMemory } from './pull-step.ts';

const before = chainOf('/active', '/sn1', '/base');
const plan = planFlatten(DISK_REF, diskWith(before), '/base', FACTS);
const after = flattened(before, '/base');
const other = chainOf('/active', '/elsewhere', '/base');
const job = { kind: 'pull', bandwidth: 0, cur: 0, end: 9 } as const;

const NOTHING: PullMemory = {
  intended: false,
  seen: false,
  cancelling: false,
  ending: null,
  reason: null,
  settled: false,
};
const STARTED = { ...NOTHING, intended: true, seen: true };

/** The verdict in a word: what to do, or the code of the failure. */
function verdict(memory: Partial<PullMemory>, disk: Partial<Disk> = {}, guest: Partial<Guest> = {}): string {
  const now = diskWith(before, disk);
  const found = judgePull(plan, guestWith(now, guest), now, { ...NOTHING, ...memory });
  return found.do === 'fail' ? found.problem.code : found.do;
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
    [{ cancelling: true }, {}, {}, 'cancel'],
    [{ cancelling: true }, { job }, {}, 'cancel'],
    [{ cancelling: true }, {}, { state: 'shutoff' }, 'cancel'],
  ] as const)('%#: %j %j %j: %s', (memory, disk, guest, expected) => {
    expect(verdict(memory, disk, guest)).toBe(expected);
  });
});

describe('after the intent, before anybody saw the job', () => {
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

  test('a guest that stopped ended its job, unless the chain says that it was through', () => {
    const stopped = { state: 'shutoff' } as const;
    expect(verdict(STARTED, {}, stopped)).toBe('GUEST_STOPPED');
    expect(verdict({ ...STARTED, cancelling: true }, {}, stopped)).toBe('cancel');
    expect(verdict(STARTED, { chain: after }, stopped)).toBe('done');
  });
});

test("QEMU's words reach the operator", () => {
  const now = diskWith(before);
  const memory = { ...STARTED, reason: 'No space left on device' };
  expect(judgePull(plan, guestWith(now), now, memory)).toEqual({
    do: 'fail',
    problem: { code: 'PULL_FAILED', params: { reason: 'No space left on device' } },
  });
});
