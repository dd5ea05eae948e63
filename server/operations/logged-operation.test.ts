import { expect, test } from 'vitest';
import type { AddedEntry } from '../../model/operation/stream-event.ts';
import { planFlatten } from '../../model/plans/flatten.ts';
import { chainOf, diskWith, FACTS, flattenTo, operationOf, REF } from '../../model/testing.ts';
import { LoggedOperation } from './logged-operation.ts';
import { MemoryJournal } from './testing/memory-journal.ts';

const operation = operationOf(planFlatten(REF, diskWith(chainOf('/a', '/b')), flattenTo(null), FACTS));

function logs() {
  const journal = new MemoryJournal();
  const added: AddedEntry[] = [];
  const parts = {
    journal,
    clock: () => 1,
    changed: (_: unknown, entry: AddedEntry) => void added.push(entry),
  };
  const links = () => added.map(({ entry, previous }) => [previous, entry.id]);
  return { journal, links, logged: () => new LoggedOperation(operation, parts) };
}

test('each entry names the one before it in the same journal, whatever other operations write', async () => {
  const { journal, links, logged } = logs();
  const one = logged();
  await one.write({ kind: 'created', operation });
  await journal.append('other', [{ kind: 'created', operation: { ...operation, id: 'other' } }], 1);
  await one.write({ kind: 'started' }, { kind: 'step-running', step: 0, adopted: false });
  expect(links()).toEqual([
    [0, 1],
    [1, 3],
    [3, 4],
  ]);
});

test('a process that takes an operation up knows which entry came before once it has read the journal', async () => {
  const { links, logged } = logs();
  await logged().write({ kind: 'created', operation });
  await logged().write({ kind: 'started' });
  const next = logged();
  await next.entries();
  await next.write({ kind: 'step-running', step: 0, adopted: true });
  expect(links()).toEqual([
    [0, 1],
    [null, 2],
    [2, 3],
  ]);
});
