import { expect, test } from 'vitest';
import { chainOf, commitPlan, copyPlan, planOf, pullPlan, snapshotPlan } from '../graph/testing.ts';
import { outcomes } from './outcome.ts';

const chain = chainOf('active', 'sn2', 'sn1', 'base');
const of = (plan: Parameters<typeof outcomes>[0], now = chain) =>
  Object.fromEntries(outcomes(plan, 'vda', now));

test('in a pull, the images between merge, and those below stay', () => {
  expect(of(pullPlan(chain, 'sn1'))).toEqual({
    active: 'receives',
    sn2: 'merges',
    sn1: 'stays',
    base: 'stays',
  });
});

test('without a base all merge', () => {
  expect(of(pullPlan(chain, null))).toEqual({
    active: 'receives',
    sn2: 'merges',
    sn1: 'merges',
    base: 'merges',
  });
});

test('of a commit, the lowest receives and those above it merge', () => {
  expect(of(commitPlan(chain, 'sn2', 'sn1'))).toEqual({
    active: 'stays',
    sn2: 'merges',
    sn1: 'receives',
    base: 'stays',
  });
  expect(of(commitPlan(chain, 'active', 'base'))).toEqual({
    active: 'merges',
    sn2: 'merges',
    sn1: 'merges',
    base: 'receives',
  });
});

test('a snapshot makes an image and leaves the others as they are; once it is taken, no image has an outcome', () => {
  const plan = snapshotPlan(chain, 'fresh');
  expect(of(plan)).toEqual({ fresh: 'new', active: 'stays', sn2: 'stays', sn1: 'stays', base: 'stays' });
  expect(of(plan, chainOf('fresh', 'active', 'sn2', 'sn1', 'base'))).toEqual({});
});

test('of a copy, all goes into a new image', () => {
  expect(of(copyPlan(chain, 'moved'))).toEqual({
    moved: 'new',
    active: 'merges',
    sn2: 'merges',
    sn1: 'merges',
    base: 'merges',
  });
});

test('in an undo, the old images come back below the active one', () => {
  const now = chainOf('active', 'base');
  const back = planOf(now, { after: ['active', 'sn2', 'sn1', 'base'], steps: [] });
  expect([...outcomes(back, 'vda', now)]).toEqual([
    ['active', 'stays'],
    ['sn2', 'returns'],
    ['sn1', 'returns'],
    ['base', 'stays'],
  ]);
});

test('regression: the image that a deleted snapshot merges into was drawn unchanged', () => {
  const now = chainOf('active', 'sn1', 'base');
  const merge = { target: 'vda', before: ['active', 'sn1', 'base'], after: ['active', 'base'] };
  const step = {
    kind: 'delete-snapshot' as const,
    ...{ hostId: 'alpha', name: 's', deleted: ['sn1'], merges: [merge] },
  };
  const made = planOf(now, { after: ['active', 'base'], steps: [step] });
  const disks = made.disks.map((disk) => ({ ...disk, merged: ['sn1'] }));
  expect([...outcomes({ ...made, disks }, 'vda', now)]).toEqual([
    ['active', 'stays'],
    ['sn1', 'merges'],
    ['base', 'receives'],
  ]);
});

test('an image that leaves with its data in it does not merge', () => {
  const plan = { ...copyPlan(chain, 'moved') };
  const disks = plan.disks.map((disk) => ({ ...disk, merged: ['active'] }));
  expect(of({ ...plan, disks })).toMatchObject({ active: 'merges', sn2: 'leaves', base: 'leaves' });
});

test('between two steps, what the first has done is over, and the rest is still to come', () => {
  const pull = pullPlan(chainOf('fresh', 'active', 'base'), 'base');
  expect(of(pull, chainOf('active', 'base'))).toEqual({ fresh: 'new', active: 'merges', base: 'stays' });
  expect(of(pull, chainOf('fresh', 'active', 'base'))).toEqual({
    fresh: 'receives',
    active: 'merges',
    base: 'stays',
  });
});

test('no image has an outcome where nothing is planned, where nothing changes, or on another disk', () => {
  expect(of(null)).toEqual({});
  expect(of(pullPlan(chain, 'sn2'))).toEqual({});
  expect([...outcomes(pullPlan(chain, 'base'), 'vdb', chain)]).toEqual([]);
});
