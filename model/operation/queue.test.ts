import { expect, test } from 'vitest';
import { planFlatten } from '../plans/flatten.ts';
import { planForget } from '../plans/forget.ts';
import { chainOf, diskWith, FACTS, flattenTo, guestWith, operationOf, REF } from '../testing.ts';
import type { Operation } from './operation.ts';
import { ahead, behind } from './queue.ts';

const disk = diskWith(chainOf('/a', '/b'));
const flatten = (id: string, hostId: string, changes: Partial<Operation>) =>
  operationOf(planFlatten({ ...REF, hostId }, disk, flattenTo(null), FACTS), { id, ...changes });
const RUNS = { state: 'running', startedAt: 2 } as const;
const paused = { step: 0, fileSystem: '/vm', free: 1, needed: 2 };

const runs = flatten('runs', 'alpha', RUNS);
const waits = flatten('waits', 'alpha', { ...RUNS, paused });
const elsewhere = flatten('elsewhere', 'beta', RUNS);
const forget = operationOf(planForget(guestWith(disk), { kind: 'forget', names: [] }, FACTS), {
  id: 'forget',
  ...RUNS,
});
const queued = flatten('queued', 'alpha', {});
const all = [runs, waits, elsewhere, forget, queued];
const ids = (operations: readonly Operation[]) => operations.map(({ id }) => id);

test('a queued operation waits for those that run on its host, first for a paused one', () => {
  expect(ids(ahead(queued, all))).toEqual(['waits', 'runs']);
});

test('operations that need a turn on its host wait behind a paused one', () => {
  expect(ids(behind(waits, all))).toEqual(['queued']);
  expect(ids(behind(elsewhere, all))).toEqual([]);
  expect(ids(behind(forget, all))).toEqual([]);
});
