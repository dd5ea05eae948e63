import { expect, test } from 'vitest';
import type { OperationState } from '../../model/operation/operation.ts';
import { planFlatten } from '../../model/plans/flatten.ts';
import { chainOf, diskWith, FACTS, flattenTo, operationOf, REF } from '../../model/testing.ts';
import { EndedOperations } from './ended-operations.ts';

const plan = planFlatten(REF, diskWith(chainOf('/a', '/b')), flattenTo(null), FACTS);
const operation = (id: string, state: OperationState) => operationOf(plan, { id, state });

test('an end is news once, and only of an operation that was seen under way', () => {
  const ended = new EndedOperations();
  expect(ended.follow(operation('a', 'queued'))).toBe(false);
  expect(ended.follow(operation('a', 'running'))).toBe(false);
  expect(ended.follow(operation('a', 'failed'))).toBe(true);
  expect(ended.follow(operation('a', 'failed'))).toBe(false);
  expect(ended.follow(operation('b', 'succeeded'))).toBe(false);
});

test('what was started here is news when it ends, also where its end is heard before the answer to the start', () => {
  const ended = new EndedOperations();
  expect(ended.started(operation('a', 'queued'))).toBeNull();
  expect(ended.follow(operation('a', 'succeeded'))).toBe(true);
  expect(ended.follow(operation('b', 'succeeded'))).toBe(false);
  expect(ended.started(operation('b', 'queued'))).toEqual(operation('b', 'succeeded'));
  expect(ended.follow(operation('b', 'succeeded'))).toBe(false);
});

test('an answer to a start that comes after the end was announced does not announce it again', () => {
  const ended = new EndedOperations();
  ended.follow(operation('a', 'queued'));
  expect(ended.follow(operation('a', 'succeeded'))).toBe(true);
  expect(ended.started(operation('a', 'queued'))).toBeNull();
  expect(ended.follow(operation('a', 'succeeded'))).toBe(false);
});
