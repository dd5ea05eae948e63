import { expect, test } from 'vitest';
import type { DeleteStep } from '../plans/delete.ts';
import { planForget } from '../plans/forget.ts';
import { chainOf, diskWith, FACTS, guestWith } from '../testing.ts';
import { freedBy } from './freed.ts';

const plan = planForget(guestWith(diskWith(chainOf('/a'))), { kind: 'forget', names: [] }, FACTS);
const step = (allocated: number | null): DeleteStep => ({
  kind: 'delete',
  hostId: 'alpha',
  file: '/vm/old',
  identity: 'inode 1 2',
  stamp: '1',
  pool: 'default',
  allocated,
});
const freed = (allocated: readonly (number | null)[], ...states: ('done' | 'waiting')[]) =>
  freedBy({ plan: { ...plan, steps: allocated.map(step) }, steps: states.map((state) => ({ state })) });

test('only what is gone was freed, as far as it is known', () => {
  expect(freed([3, 4, 5], 'done', 'done', 'waiting')).toBe(7);
  expect(freed([3, null], 'done', 'done')).toBeNull();
  expect(freed([3], 'waiting')).toBeNull();
});
