import { expect, test } from 'vitest';
import { confirmationFor, sizeOf, stillOffered, toggled } from './selection.ts';

const top = { path: '/vm/top', under: [], allocated: 1 };
const middle = { path: '/vm/middle', under: ['/vm/top'], allocated: 2 };
const base = { path: '/vm/base', under: ['/vm/middle', '/vm/top'], allocated: 4 };
const all = [top, middle, base];

test('the overlays of a file are selected with it, and its backing images are deselected with it', () => {
  const whole = toggled(new Set(), base, all);
  expect([...whole].sort()).toEqual(['/vm/base', '/vm/middle', '/vm/top']);
  expect([...toggled(whole, middle, all)]).toEqual(['/vm/top']);
  expect([...toggled(new Set(), top, all)]).toEqual(['/vm/top']);
});

test('what is gone is chosen no more', () => {
  expect(stillOffered(new Set(['/vm/top', '/vm/gone']), all)).toEqual([top]);
});

test('sizes add up, as far as they are known', () => {
  expect(sizeOf(all)).toBe(7);
  expect(sizeOf([top, { allocated: null }])).toBeNull();
});

test('one file is confirmed by its name, several by their number', () => {
  expect(confirmationFor([base])).toBe('base');
  expect(confirmationFor(all)).toBe('3');
});
