import { expect, test } from 'vitest';
import { planFlatten } from '../plans/flatten.ts';
import { chainOf, diskWith, FACTS, flattenTo, operationOf, REF } from '../testing.ts';
import { applied, isOver, type JournalEvent, type Operation } from './operation.ts';

const operation = operationOf(planFlatten(REF, diskWith(chainOf('/a', '/b')), flattenTo(null), FACTS));

/** The operation after these events, at 2, 3, and so on. */
function after(...events: readonly JournalEvent[]): Operation {
  return events.reduce(
    (now, event, i) => applied(now, { id: i, operationId: 'op', at: i + 2, event }),
    operation,
  );
}

const intended = { kind: 'step-intended', step: 0, command: ['virsh'], allocatedBefore: 1 } as const;
const ended = { kind: 'ended', state: 'succeeded', problem: null } as const;

test('the journal of a success', () => {
  const now = after({ kind: 'started' }, intended, { kind: 'step-running', step: 0, adopted: false });
  expect(now).toMatchObject({ state: 'running', startedAt: 2, steps: [{ state: 'running' }] });
  const over = after({ kind: 'started' }, intended, { kind: 'step-done', step: 0, grownBy: 5 }, ended);
  expect(over).toMatchObject({
    state: 'succeeded',
    endedAt: 5,
    grownBy: 5,
    steps: [{ state: 'done', startedAt: 3, endedAt: 4, grownBy: 5 }],
  });
  expect([isOver(now), isOver(over)]).toEqual([false, true]);
  const again = after({ kind: 'started' }, intended, intended);
  expect(again.steps).toMatchObject([{ startedAt: 4, firstStartedAt: 3 }]);
});

test('one that was asked to cancel while it waited stays so when it starts', () => {
  expect(after({ kind: 'cancel-asked', actor: 'a' }, { kind: 'started' }).state).toBe('cancelling');
});

test('a failure keeps its problem', () => {
  const problem = { code: 'PULL_FAILED', params: { reason: 'No space left on device' } } as const;
  const over = after({ kind: 'step-failed', step: 0, problem }, { kind: 'ended', state: 'failed', problem });
  expect(over).toMatchObject({ state: 'failed', problem, steps: [{ state: 'failed' }] });
});

test('the speed is that of the last change', () => {
  expect(after({ kind: 'speed-set', bandwidth: 7, actor: 'a' }).bandwidth).toBe(7);
});

test('a pause lasts until the work resumes or is cancelled', () => {
  const paused = {
    kind: 'step-paused',
    pause: { step: 0, fileSystem: '/vm', free: 1, needed: 2 },
    call: null,
  } as const;
  const resumed = { kind: 'step-resumed', step: 0, fileSystem: '/vm', free: 2, call: null } as const;
  expect(after(paused)).toMatchObject({ paused: paused.pause, wasPaused: true });
  for (const end of [resumed, ended, { kind: 'cancel-asked', actor: 'a' } as const]) {
    expect(after(paused, end)).toMatchObject({ paused: null, wasPaused: true });
  }
  expect(after({ kind: 'space-ran-out', pause: paused.pause })).toMatchObject({
    state: 'cancelling',
    paused: null,
  });
});

test('the state of work is unknown until it can be read again, or the work is over', () => {
  const doubt = { code: 'STATE_UNKNOWN', params: { reason: 'timeout' } } as const;
  const warned = { kind: 'step-warned', step: 0, problem: doubt } as const;
  const other = { kind: 'step-warned', step: 0, problem: { code: 'FLUSH_UNSURE', params: {} } } as const;
  expect(after(warned).unreachable).toEqual(doubt);
  expect(after(other).unreachable ?? null).toBeNull();
  const seen = [
    { kind: 'step-running', step: 0, adopted: true },
    { kind: 'step-done', step: 0, grownBy: 1 },
    { kind: 'step-failed', step: 0, problem: doubt },
    ended,
  ] as const;
  for (const event of seen) expect(after(warned, event).unreachable).toBeNull();
});

test('a step keeps its permission to use the reserve, also when it pauses again', () => {
  const asked = { kind: 'resume-asked', step: 0, fileSystem: '/vm', actor: 'a' } as const;
  const paused = {
    kind: 'step-paused',
    pause: { step: 0, fileSystem: '/vm', free: 1, needed: 2 },
    call: null,
  } as const;
  expect(after(paused, asked)).toMatchObject({ reserveStep: 0, paused: paused.pause });
  expect(after(paused, asked, paused)).toMatchObject({ reserveStep: 0 });
});

test('a journal without its beginning is no operation', () => {
  expect(() => applied(null, { id: 1, operationId: 'op', at: 1, event: ended })).toThrow(/no beginning/);
});
