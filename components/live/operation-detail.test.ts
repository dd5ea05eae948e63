import { expect, test } from 'vitest';
import type { JournalEntry } from '../../model/operation/operation.ts';
import type { OperationEvent } from '../../model/operation/stream-event.ts';
import { planFlatten } from '../../model/plans/flatten.ts';
import { chainOf, diskWith, FACTS, flattenTo, operationOf, REF } from '../../model/testing.ts';
import { detailAfter } from './operation-detail.ts';

const queued = operationOf(planFlatten(REF, diskWith(chainOf('/a', '/b')), flattenTo(null), FACTS));
const running = { ...queued, state: 'running' } as const;
const entry = (id: number): JournalEntry => ({
  id,
  operationId: queued.id,
  at: id,
  event: { kind: 'started' },
});
const detail = { operation: queued, entries: [entry(3), entry(5)] };

const added = (id: number, previous: number | null): OperationEvent => ({
  kind: 'operation',
  operation: running,
  newest: id,
  added: { entry: entry(id), previous },
});
const replayed = (newest: number): OperationEvent => ({
  kind: 'operation',
  operation: running,
  newest,
  added: null,
});

test('the next entry is appended, and the operation is as it is after it', () => {
  expect(detailAfter(detail, added(9, 5))).toEqual({
    operation: running,
    entries: [entry(3), entry(5), entry(9)],
  });
  expect(detailAfter({ operation: queued, entries: [] }, added(3, 0))?.entries).toEqual([entry(3)]);
});

test.each([
  ['the last entry', added(5, 3)],
  ['an earlier entry', added(3, 0)],
  ['a replay of what is known', replayed(5)],
  ['a replay of less than is known', replayed(4)],
])('%s changes nothing', (_, event) => {
  expect(detailAfter(detail, event)).toBe(detail);
});

test.each([
  ['an entry was missed', added(9, 8)],
  ['nobody knows which entry came before', added(9, null)],
  ['a replay names a newer entry', replayed(9)],
])('where %s, the journal is read again', (_, event) => {
  expect(detailAfter(detail, event)).toBeNull();
});
