import { expect, test } from 'vitest';
import { planFlatten } from '../../model/plans/flatten.ts';
import type { MigrateStep } from '../../model/plans/migrate/migrate-step.ts';
import { chainOf, diskWith, FACTS, flattenTo, operationOf, REF } from '../../model/testing.ts';
import { movedOnly } from './only-memory-moved.ts';

const plan = planFlatten(REF, diskWith(chainOf('/a', '/b', '/c')), flattenTo('/c'), FACTS);
const step: MigrateStep = {
  kind: 'migrate',
  hostId: 'alpha',
  to: 'beta',
  destinationUri: 'qemu:///system',
  migrateUri: null,
  disks: [],
};
const moved = operationOf({ ...plan, steps: [step] }, { steps: [{ state: 'done' }], grownBy: null });

test('a migration that copied no storage moved memory only', () => {
  expect(movedOnly(moved)).toBe(true);
});

test.each([
  ['it copied storage', { grownBy: 4096 }],
  ['it did not come that far', { steps: [{ state: 'failed' }] }],
  ['it is no migration', { plan }],
] as const)('not where %s', (_, change) => {
  expect(movedOnly({ ...moved, ...change })).toBe(false);
});
