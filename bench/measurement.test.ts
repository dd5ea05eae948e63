import { expect, test } from 'vitest';
import { atMost, rounded } from './measurement.ts';

test('a value at its goal meets it, one just above does not, though both are written alike', () => {
  const goal = { unit: '', goal: 0.7 };
  expect(atMost('ratio', 0.7, goal, '')).toMatchObject({ value: 0.7, ok: true });
  expect(atMost('ratio', 0.7001, goal, '')).toMatchObject({ value: 0.7, ok: false });
});

test('a value that is no number meets no goal', () => {
  expect(atMost('ratio', Number.NaN, { unit: '', goal: 1 }, '').ok).toBe(false);
});

test('three significant digits', () => {
  expect([0, 0.0044321, 1.23456, 12.3456, 1234.5].map(rounded)).toEqual([0, 0.00443, 1.23, 12.3, 1235]);
});
