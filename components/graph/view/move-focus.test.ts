import { expect, test } from 'vitest';
import { moveFocus } from './move-focus.ts';

const ORDER = ['active', 'sn', 'base'];

test.each([
  ['active', 'ArrowLeft', 'sn'],
  ['base', 'ArrowLeft', null],
  ['base', 'ArrowRight', 'sn'],
  ['active', 'ArrowRight', null],
  ['active', 'Home', 'base'],
  ['base', 'End', 'active'],
  ['sn', 'Enter', null],
])('from %s, %s goes to %s', (current, key, next) => {
  expect(moveFocus(ORDER, current, key)).toBe(next);
});
