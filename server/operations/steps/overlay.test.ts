import { expect, test } from 'vitest';
import type { StepMemory } from '../step-driver.ts';
import { judgeOverlay } from './overlay.ts';

const NOTHING: StepMemory = {
  intended: false,
  seen: false,
  finishing: false,
  cancelling: false,
  ending: null,
  reason: null,
  settled: false,
};

test.each([
  ['none', {}, 'start'],
  // A daemon that an earlier process asked may still be at it.
  ['none', { intended: true }, 'settle'],
  ['none', { intended: true, settled: true }, 'start'],
  ['none', { intended: true, cancelling: true }, 'cancel'],
  // What is there before anybody asked for it is somebody else's.
  ['untouched', {}, 'DESTINATION_EXISTS'],
  ['untouched', { intended: true }, 'done'],
  ['untouched', { intended: true, cancelling: true }, 'cancel'],
  ['other', {}, 'DESTINATION_EXISTS'],
  ['other', { intended: true, seen: true }, 'DESTINATION_EXISTS'],
] as const)('%s, %j: %s', (state, memory, expected) => {
  const verdict = judgeOverlay('/there', state, { ...NOTHING, ...memory });
  expect(verdict.do === 'fail' ? verdict.problem.code : verdict.do).toBe(expected);
});
