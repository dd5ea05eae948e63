import { expect, test } from 'vitest';
import { planFlatten } from '../../model/flatten.ts';
import type { OperationState } from '../../model/operation.ts';
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
