import { expect, test } from 'vitest';
import { shortened } from './shortened.ts';

test('a name that fits stays', () => {
  expect(shortened('base.img')).toBe('base.img');
  expect(shortened('a'.repeat(40))).toBe('a'.repeat(40));
});

test('a longer one loses its middle and has the length that was asked for', () => {
  expect(shortened('0123456789', 7)).toBe('012…789');
  expect([...shortened('x'.repeat(300))]).toHaveLength(40);
});

test('letters outside the basic plane are not cut in two', () => {
  expect(shortened('😀😀😀😀😀😀', 5)).toBe('😀😀…😀😀');
});
