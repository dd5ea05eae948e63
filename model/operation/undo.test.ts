import { expect, test } from 'vitest';
import { NO_DEPENDENTS } from '../fleet/dependents.ts';
import type { Plan } from '../kinds/plan.ts';
import { planFlatten } from '../plans/flatten.ts';
import { planMergeDown } from '../plans/merge-down.ts';
import { planMove } from '../plans/move.ts';
import { planSnapshot } from '../plans/snapshot.ts';
import { chainOf, diskWith, FACTS, flattenTo, freeSpaceOf, guestWith, operationOf, REF } from '../testing.ts';
import type { Operation } from './operation.ts';
import { undoOf } from './undo.ts';

const [TOP, MID, BASE] = ['/vm/top', '/vm/mid', '/vm/base'] as const;
const disk = diskWith(chainOf(TOP, MID, BASE));
const destination = { at: 'nothing', folder: 'there', freeSpace: freeSpaceOf(1) } as const;

function ended(plan: Plan, changes: Partial<Operation> = {}): Operation {
  const steps = plan.steps.map((_, i) => ({ state: 'done', startedAt: 10 + i }) as const);
  return operationOf(plan, {
    state: 'succeeded',
    steps,
    createdAt: 1,
    startedAt: 2,
    endedAt: 99,
    ...changes,
  });
}

const flatten = planFlatten(REF, disk, flattenTo(null), FACTS);

test('a flatten goes back to the chain that its pull began with', () => {
  expect(undoOf(ended(flatten))).toEqual({
    kind: 'flatten',
    past: {
      target: 'vda',
      before: [TOP, MID, BASE],
      after: [TOP],
      format: 'qcow2',
      since: 10,
      forgotten: [],
    },
  });
  const partial = planFlatten(REF, disk, flattenTo(BASE), { ...FACTS, guestRuns: false });
  expect(undoOf(ended(partial))).toMatchObject({ past: { before: [TOP, MID, BASE], after: [TOP, BASE] } });
});

test('with a snapshot first, the images are those below the new one, frozen before the pull began', () => {
  const snapshotFirst = { name: 'kept', file: '/vm/new' };
  const plan = planFlatten(REF, disk, flattenTo(null, { snapshotFirst, forgetAfter: true }), FACTS);
  expect(undoOf(ended(plan))).toMatchObject({
    past: { before: ['/vm/new', TOP, MID, BASE], after: ['/vm/new'], since: 11, forgotten: ['kept'] },
  });
});

test('a flatten whose pull was done can be undone though the rest failed', () => {
  const snapshotFirst = { name: 'kept', file: '/vm/new' };
  const plan = planFlatten(REF, disk, flattenTo(null, { snapshotFirst, forgetAfter: true }), FACTS);
  const steps = [{ state: 'done' }, { state: 'done' }, { state: 'failed' }] as const;
  expect(undoOf(ended(plan, { state: 'failed', steps }))).toMatchObject({
    kind: 'flatten',
    past: { since: 2, forgotten: [] },
  });
});

test('nothing is undone of what is under way, or changed nothing', () => {
  expect(undoOf(ended(flatten, { state: 'running', endedAt: null }))).toBeNull();
  expect(undoOf(ended(flatten, { state: 'cancelled', steps: [{ state: 'failed' }] }))).toBeNull();
  const intent = { kind: 'snapshot', name: 's', description: '', quiesce: false, disks: [] } as const;
  expect(undoOf(ended(planSnapshot(guestWith(disk), intent, FACTS)))).toBeNull();
});

test('a merge has no way back once it wrote', () => {
  const intent = { kind: 'merge-down', target: 'vda', top: MID, base: BASE, forgetAfter: false } as const;
  const plan = planMergeDown(REF, disk, intent, { ...FACTS, dependents: NO_DEPENDENTS });
  expect(undoOf(ended(plan))).toEqual({ kind: 'none', why: 'merged' });
  expect(undoOf(ended(plan, { state: 'cancelled', steps: [{ state: 'failed' }] }))).toBeNull();
});

test('a move goes back by a move to the old path', () => {
  for (const strategy of ['copy', 'pull'] as const) {
    const intent = { kind: 'move', target: 'vda', file: '/fast/new', strategy } as const;
    const plan = planMove(REF, disk, intent, { ...FACTS, destination });
    expect(undoOf(ended(plan))).toEqual({ kind: 'move', target: 'vda', file: TOP });
    expect(undoOf(ended(plan, { state: 'failed' }))).toBeNull();
  }
});
