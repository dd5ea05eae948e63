import { expect, test } from 'vitest';
import type { Operation } from '../../model/operation/operation.ts';
import { planFlatten } from '../../model/plans/flatten.ts';
import { planForget } from '../../model/plans/forget.ts';
import { chainOf, diskWith, FACTS, flattenTo, guestWith, operationOf } from '../../model/testing.ts';
import { Turns } from './turns.ts';

const disk = diskWith(chainOf('/active', '/base'));

/** A pull of a guest that waits on its host. */
function pullOf(uuid: string, changes: Partial<Operation> = {}): Operation {
  const plan = planFlatten({ hostId: 'alpha', uuid }, disk, flattenTo(null), FACTS);
  return operationOf(plan, { id: `pull ${uuid}`, startedAt: null, ...changes });
}

test('a host has so many places, and one that is released is taken by the next', () => {
  const turns = new Turns(2);
  const [one, two, three] = [pullOf('1'), pullOf('2'), pullOf('3')];
  expect([one, two, three].map((operation) => turns.take(operation, []))).toEqual([true, true, false]);
  expect([one, two, three].map((operation) => turns.waits(operation))).toEqual([false, false, true]);
  turns.release(one.id);
  expect(turns.take(three, [])).toBe(true);
});

test('a guest has one turn, and whoever waits for it takes no place on the host', () => {
  const turns = new Turns(2);
  const second = pullOf('1', { id: 'another pull 1' });
  expect(turns.take(pullOf('1'), [])).toBe(true);
  expect(turns.take(second, [])).toBe(false);
  expect(turns.take(pullOf('2'), [second.plan])).toBe(true);
});

test('an operation does not overtake one that waits for the same host', () => {
  const turns = new Turns(1);
  expect(turns.take(pullOf('2'), [pullOf('1').plan])).toBe(false);
});

test('an operation that an earlier process started has its turn at once', () => {
  const turns = new Turns(1);
  expect(turns.take(pullOf('1'), [])).toBe(true);
  expect(turns.take(pullOf('2', { startedAt: 1 }), [])).toBe(true);
});

test('an operation without work for QEMU needs no turn', () => {
  const turns = new Turns(1);
  const plan = planForget(guestWith(disk), { kind: 'forget', names: ['a'] }, FACTS);
  const forget = operationOf(plan, { id: 'forget', startedAt: null });
  expect(turns.take(pullOf('1'), [])).toBe(true);
  expect([turns.waits(forget), turns.take(forget, [])]).toEqual([false, true]);
});
