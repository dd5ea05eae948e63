import { expect, test } from 'vitest';
import { planFlatten } from '../../model/plans/flatten.ts';
import { chainOf, diskWith, FACTS, flattenTo, operationOf, REF } from '../../model/testing.ts';
import { noticesAfter } from './notices.tsx';

const plan = planFlatten(REF, diskWith(chainOf('/a', '/b')), flattenTo(null), FACTS);
const running = operationOf(plan, { state: 'running' });
const paused = { ...running, paused: { step: 0, fileSystem: '/vm', free: 1, needed: 2 } };
const over = { ...running, state: 'succeeded' } as const;

test('a pause for space is shown for as long as it lasts, and the end of the operation after that', () => {
  expect(noticesAfter([], paused)).toEqual([paused]);
  expect(noticesAfter([paused], running)).toEqual([]);
  expect(noticesAfter([paused], over)).toEqual([over]);
});

test('a few are shown, the newest last', () => {
  const many = Array.from({ length: 5 }, (_, i) => ({ ...over, id: `op${i}` }));
  expect(noticesAfter(many, over).map(({ id }) => id)).toEqual(['op1', 'op2', 'op3', 'op4', 'op']);
});
