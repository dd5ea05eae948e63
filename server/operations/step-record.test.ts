import { expect, test } from 'vitest';
import type { JournalEvent } from '../../model/operation/operation.ts';
import { recordOf } from './step-record.ts';

const intended = (step: number): JournalEvent => ({
  kind: 'step-intended',
  step,
  command: [],
  allocatedBefore: 100 + step,
});
const running = (step: number): JournalEvent => ({ kind: 'step-running', step, adopted: false });
const finishing = (step: number): JournalEvent => ({ kind: 'step-finishing', step, call: '' });
const speed: JournalEvent = { kind: 'speed-set', bandwidth: 1, actor: 'a' };
const refused: JournalEvent = {
  kind: 'speed-refused',
  bandwidth: 0,
  problem: { code: 'SPEED_REFUSED', params: {} },
};
const short: JournalEvent = {
  kind: 'step-out-of-space',
  step: 1,
  problem: { code: 'PULL_FAILED', params: {} },
};

/** Of the second step, entries a millisecond apart. */
const record = (...events: readonly JournalEvent[]) =>
  recordOf(
    events.map((event, i) => ({ id: i + 1, operationId: 'op', at: i + 1, event })),
    1,
  );
const NEVER = { allocatedBefore: null, seen: false, seenAt: null, finishing: false, speedInDoubt: false };

test('entries of other steps say nothing of this one', () => {
  expect(record({ kind: 'started' }, intended(0), running(0), finishing(0))).toEqual(NEVER);
});

test('a step that ran was seen until the last entry that an earlier process wrote', () => {
  expect(record(intended(1), running(1), finishing(1))).toEqual({
    ...NEVER,
    allocatedBefore: 101,
    seen: true,
    seenAt: 3,
    finishing: true,
  });
});

test('work that fell short is begun again, and all that it copied counts', () => {
  expect(record(intended(1), running(1), short)).toEqual({ ...NEVER, allocatedBefore: 101 });
});

test.each([
  ['set while it ran', [intended(1), running(1), speed], true],
  ['set before it began', [speed, intended(1), running(1)], false],
  ['set and refused', [intended(1), running(1), speed, refused], false],
  ['set between two beginnings', [intended(1), running(1), short, speed, intended(1)], false],
])('of a speed that was %s, whether libvirt was asked is in doubt: %s', (_, events, inDoubt) => {
  expect(record(...events).speedInDoubt).toBe(inDoubt);
});
