import { expect, test } from 'vitest';
import { type FocusRow, moveFocus } from './move-focus.ts';

const row = (y: number, on: string | null, ...ids: readonly string[]): FocusRow => ({
  cells: ids.map((id) => ({ id, x: Number(id.slice(-1)) })),
  y,
  on,
});

/** Each name ends with its column. */
const ROWS = [
  row(0, null, 'active2', 'sn1', 'base0'),
  row(-90, 'sn1', 'x3', 'y2'),
  row(-180, 'base0', 'd4', 'c3', 'b2', 'a1'),
  row(-270, 'c3', 'e4'),
  row(-360, null, 'old0'),
];

test.each([
  ['active2', 'ArrowLeft', 'sn1'],
  ['base0', 'ArrowLeft', null],
  ['base0', 'ArrowRight', 'sn1'],
  ['active2', 'ArrowRight', null],
  ['active2', 'Home', 'base0'],
  ['base0', 'End', 'active2'],
  ['sn1', 'Enter', null],
  ['gone', 'ArrowLeft', null],
])('in the chain from %s, %s goes to %s', (current, key, next) => {
  expect(moveFocus(ROWS, current, key)).toBe(next);
});

test.each([
  ['sn1', 'ArrowUp', 'y2'],
  ['base0', 'ArrowUp', 'a1'],
  ['active2', 'ArrowUp', 'y2'],
  ['x3', 'ArrowUp', 'c3'],
  ['c3', 'ArrowUp', 'e4'],
  ['e4', 'ArrowUp', 'old0'],
  ['old0', 'ArrowUp', null],
  ['y2', 'ArrowLeft', 'sn1'],
  ['a1', 'ArrowLeft', 'base0'],
  ['a1', 'ArrowRight', 'b2'],
  ['old0', 'ArrowLeft', null],
  ['d4', 'Home', 'a1'],
  ['old0', 'ArrowDown', 'e4'],
  ['a1', 'ArrowDown', 'y2'],
  ['y2', 'ArrowDown', 'active2'],
  ['base0', 'ArrowDown', null],
])('among branches from %s, %s goes to %s', (current, key, next) => {
  expect(moveFocus(ROWS, current, key)).toBe(next);
});
