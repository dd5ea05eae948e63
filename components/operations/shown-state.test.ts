import { expect, test } from 'vitest';
import type { SpacePause } from '../../model/operation/pause.ts';
import { planFlatten } from '../../model/plans/flatten.ts';
import { problem } from '../../model/problem.ts';
import { chainOf, diskWith, FACTS, flattenTo, operationOf, REF } from '../../model/testing.ts';
import { foremost, shownState, shownStep } from './shown-state.ts';

const plan = planFlatten(REF, diskWith(chainOf('/a', '/b', '/c')), flattenTo('/c'), FACTS);
const running = operationOf(plan, { state: 'running', steps: [{ state: 'running' }] });
const paused: SpacePause = { step: 0, fileSystem: '/vm', free: 1, needed: 2 };

test('one that works on a host that is lost can’t be seen, whether it waits for room or is to end', () => {
  expect(shownState(running, true)).toBe('unreachable');
  expect(shownState({ ...running, paused }, true)).toBe('unreachable');
  expect(shownState({ ...running, state: 'cancelling' }, true)).toBe('unreachable');
});

test('one of which nobody can tell what it is at can’t be seen, though its host is there', () => {
  expect(shownState({ ...running, unreachable: problem('STATE_UNKNOWN', { reason: 'x' }) }, false)).toBe(
    'unreachable',
  );
});

test('what has not begun, or is over, is what it is without a look', () => {
  for (const state of ['queued', 'succeeded', 'failed', 'cancelled'] as const)
    expect(shownState({ ...running, state }, true)).toBe(state);
});

test('one that waits for room is told apart from one that gets on', () => {
  expect(shownState(running, false)).toBe('running');
  expect(shownState({ ...running, paused }, false)).toBe('paused');
});

test('of several the one that needs somebody comes first', () => {
  expect(foremost(['running', 'unreachable', 'paused'])).toBe('unreachable');
  expect(foremost(['queued', 'running'])).toBe('running');
  expect(foremost([])).toBeNull();
});

test('regression: the step that a cancel stopped was shown as running', () => {
  expect(shownStep(running, 0, 'running')).toBe('running');
  expect(shownStep({ ...running, state: 'cancelled' }, 0, 'cancelled')).toBe('cancelled');
  expect(shownStep({ ...running, state: 'failed' }, 0, 'failed')).toBe('failed');
});

test('a step that runs is paused or unreachable as its operation is', () => {
  expect(shownStep({ ...running, paused }, 0, 'paused')).toBe('paused');
  expect(shownStep(running, 0, 'unreachable')).toBe('unreachable');
  expect(shownStep(running, 1, 'running')).toBe('waiting');
});
