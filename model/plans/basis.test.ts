import { expect, test } from 'vitest';
import type { Prediction } from '../cost/prediction.ts';
import { problem } from '../problem.ts';
import { chainOf, diskWith, FACTS, flattenTo, REF } from '../testing.ts';
import { withBasis } from './basis.ts';
import { planFlatten } from './flatten.ts';

const plain = planFlatten(REF, diskWith(chainOf('/active', '/sn1', '/base')), flattenTo('/base'), FACTS);
const known: Prediction = { least: 1, likely: 2, most: 3, basis: 'tables' };
const cost = { ...plain.cost, predicted: known };
const plan = { ...plain, cost: { ...cost, images: [cost], steps: [null, cost] } };

test('a plan has the weakest basis of its images', () => {
  expect(withBasis(plan, 'tables')).toEqual(plan);
  const based = withBasis(plan, 'qemu-img-map').cost;
  const all = [based, ...(based.images ?? []), based.steps?.[1]].map((one) => one?.predicted);
  expect(all).toEqual(Array(3).fill({ ...known, basis: 'qemu-img-map' }));
  expect(based.steps?.[0]).toBeNull();
});

test('why images could not be read is a warning if only a bound is left', () => {
  const readError = problem('EXTENTS_NO_QEMU_IMG', { reason: 'qemu-img: not found' });
  const bound: Prediction = { ...known, basis: 'allocations' };
  const blind = { ...plain, cost: { ...plain.cost, predicted: bound } };
  expect(withBasis(blind, 'qemu-img-map', readError).warnings).toEqual([...plain.warnings, readError]);
  expect(withBasis(blind, 'qemu-img-map').warnings).toEqual(plain.warnings);
  // An image that the plan does not copy matters to nobody.
  expect(withBasis(plan, 'qemu-img-map', readError).warnings).toEqual(plain.warnings);
});

test('a bound stays a bound, and no prediction is made of none', () => {
  const bound: Prediction = { ...known, basis: 'allocations' };
  const blind = { ...plain, cost: { ...plain.cost, predicted: bound } };
  expect(withBasis(blind, 'qemu-img-map').cost.predicted).toEqual(bound);
  const { predicted: _, ...silent } = plain.cost;
  expect(withBasis({ ...plain, cost: silent }, 'qemu-img-map').cost).toEqual(silent);
  expect(withBasis({ ...plain, cost: { ...silent, predicted: null } }, 'tables').cost.predicted).toBeNull();
});
