import { expect, test } from 'vitest';
import { chainOf, diskWith, FACTS, flattenTo, REF } from '../testing.ts';
import { planFlatten } from './flatten.ts';
import { guestOf, imageOf } from './plan.ts';

const plan = planFlatten(REF, diskWith(chainOf('/active', '/sn1', '/base')), flattenTo('/base'), FACTS);

test('an image of the plan is found by its key, whether it is there now or only afterwards', () => {
  const disk = { target: 'vda', now: chainOf('/old'), after: chainOf('/new'), merged: [] };
  const made = { ...plan, disks: [disk] };
  expect(['/old', '/new', '/none'].map((key) => imageOf(made, key)?.key)).toEqual([
    '/old',
    '/new',
    undefined,
  ]);
});

test('a plan names its guest, and one about a host has none', () => {
  expect(guestOf(plan)).toEqual({ ...REF, name: 'web-1' });
  expect(() => guestOf({ ...plan, guest: null, guestName: null })).toThrow(/about no guest/);
});
