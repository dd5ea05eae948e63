import { describe, expect, test } from 'vitest';
import { flattened, keys } from '../../../model/fleet/chain.ts';
import type { Disk } from '../../../model/fleet/disk.ts';
import { chainOf, diskWith, guestWith } from '../../../model/testing.ts';
import { NOTHING, nameOf } from '../testing/verdicts.ts';
import type { StepMemory } from '../verdict.ts';
import { type GuestStart, judgeShutOffPull } from './shut-off-pull.ts';

const before = chainOf('/active', '/sn1', '/base');
const after = flattened(before, '/base');
const other = chainOf('/elsewhere');
const job = { kind: 'pull', bandwidth: 0, cur: 0, end: 9, ready: false } as const;
const step = {
  kind: 'shut-off-pull',
  hostId: 'alpha',
  target: 'vda',
  base: '/base',
  before: keys(before),
  after: keys(after),
} as const;

/** What is to be done, or the code of the failure. */
function verdict(startState: GuestStart, memory: Partial<StepMemory>, disk: Partial<Disk> = {}): string {
  const now = diskWith(before, disk);
  const state = startState === 'off' || startState === 'died' ? 'shutoff' : 'paused';
  const guest = guestWith(now, { state });
  return nameOf(judgeShutOffPull(step, guest, now, startState, { ...NOTHING, ...memory }));
}
const intended = { intended: true };
const seen = { intended: true, seen: true };
const cancelling = { cancelling: true };

describe('shut off', () => {
  test.each([
    ['off', {}, {}, 'start'],
    ['off', {}, { chain: other }, 'CHAIN_CHANGED'],
    ['off', {}, { chain: after }, 'CHAIN_CHANGED'],
    ['off', intended, { chain: after }, 'done'],
    ['off', intended, { chain: other }, 'PULL_NOT_VERIFIED'],
    ['off', { ...seen, finishing: true }, {}, 'done'],
    ['off', { ...seen, ...cancelling }, {}, 'cancel'],
    ['off', { ...seen, reason: 'No space left on device' }, {}, 'PULL_FAILED'],
    // The process that had it up is gone, or libvirt was killed: it is started again.
    ['off', seen, {}, 'start'],
    // This process has it up, and somebody destroyed it: it is not started against their will.
    ['died', seen, {}, 'GUEST_STOPPED'],
    ['died', seen, { chain: after }, 'done'],
    // It had it up for an earlier operation.
    ['died', {}, {}, 'start'],
  ] as const)('%#: %s %j %j: %s', (startState, memory, disk, expected) => {
    expect(verdict(startState, memory, disk)).toBe(expected);
  });
});

describe('up, paused', () => {
  test.each([
    [intended, {}, 'start'],
    [intended, { job }, 'watch'],
    [seen, { job }, 'watch'],
    [seen, { chain: after }, 'finish'],
    [{ ...seen, finishing: true }, { chain: after }, 'finish'],
    [seen, {}, 'settle'],
    [{ ...seen, settled: true }, {}, 'JOB_LOST'],
    [{ ...seen, ...cancelling, ending: 'cancelled' }, {}, 'cancel'],
    [{ ...seen, reason: 'No space left on device' }, {}, 'PULL_FAILED'],
  ] as const)('%#: %j %j: %s', (memory, disk, expected) => {
    expect(verdict('paused', memory, disk)).toBe(expected);
  });
});

describe('a guest that somebody else started is never destroyed', () => {
  test.each([
    ['other', {}, {}, 'GUEST_STARTED'],
    ['other', seen, {}, 'GUEST_TAKEN_OVER'],
    ['other', seen, { chain: after }, 'GUEST_TAKEN_OVER'],
    ['resumed', seen, { job }, 'watch'],
    ['resumed', seen, { chain: after }, 'GUEST_RESUMED'],
    ['resumed', intended, {}, 'GUEST_RESUMED'],
    ['resumed', { ...seen, ...cancelling, ending: 'cancelled' }, {}, 'cancel'],
  ] as const)('%#: %s %j %j: %s', (startState, memory, disk, expected) => {
    expect(verdict(startState, memory, disk)).toBe(expected);
  });
});
