import { expect, test } from 'vitest';
import { planFlatten } from '../plans/flatten.ts';
import { chainOf, diskWith, FACTS, flattenTo, operationOf, REF } from '../testing.ts';
import type { Progress, StepStatus } from './operation.ts';
import { ofStepAtHand, stepAtHand } from './step-at-hand.ts';

const plan = planFlatten(REF, diskWith(chainOf('/a', '/b', '/c')), flattenTo('/c'), FACTS);
const after = (...states: StepStatus['state'][]) =>
  operationOf(plan, { steps: states.map((state) => ({ state })) });
const sample: Progress = {
  operationId: 'op',
  step: 0,
  at: 1,
  position: 1,
  size: 2,
  grownBy: 1,
  rate: null,
  memory: null,
  free: null,
  work: null,
};

test('the step at hand is the first that is not over', () => {
  expect(stepAtHand(after('waiting', 'waiting'))).toBe(0);
  expect(stepAtHand(after('running', 'waiting'))).toBe(0);
  expect(stepAtHand(after('done', 'waiting'))).toBe(1);
  expect(stepAtHand(after('done', 'done'))).toBe(2);
});

test('a sample of a step that is over says nothing of the next one', () => {
  expect(ofStepAtHand(after('running', 'waiting'), sample)).toBe(sample);
  expect(ofStepAtHand(after('done', 'running'), sample)).toBeNull();
  expect(ofStepAtHand(null, sample)).toBeNull();
  expect(ofStepAtHand(after('running'), null)).toBeNull();
});
