import { expect, test } from 'vitest';
import type { SpacePause } from '../../model/operation/pause.ts';
import { planFlatten } from '../../model/plans/flatten.ts';
import { problem } from '../../model/problem.ts';
import { chainOf, diskWith, FACTS, flattenTo, operationOf, REF } from '../../model/testing.ts';
import { foremost, shownState, shownStep } from './shown-state.ts';

const plan = planFlatten(REF, diskWith(chainOf('/a', '/b', '/c')), flattenTo('/c'), FACTS);
const running = operationOf(plan, { state: 'running', steps: [{ state: 'running' }] });
const paused: SpacePause = { step: 0, fileSystem: '/vm', free: 1, needed: 2 };

test('one that runs on a lost host is unreachable, whether it is paused for space or being cancelled', () => {
  expect(shownState(running, true)).toBe('unreachable');
  expect(shownState({ ...running, paused }, true)).toBe('unreachable');
  expect(shownState({ ...running, state: 'cancelling' }, true)).toBe('unreachable');
});

test('one whose state is unknown is unreachable, though its host is connected', () => {
  expect(shownState({ ...running, unreachable: problem('STATE_UNKNOWN', { reason: 'x' }) }, false)).toBe(
    'unreachable',
  );
});

test('what has not begun, or is over, keeps its state whatever its host’s', () => {
  for (const state of ['queued', 'succeeded', 'failed', 'cancelled'] as const)
    expect(shownState({ ...running, state }, true)).toBe(state);
});

test('one that is paused for space differs from one that runs', () => {
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
