import { expect, test } from 'vitest';
import { factsOf } from '../chain/facts.ts';
import { chainOf, diskWith, REF, user, usersOf } from '../graph/testing.ts';
import { moveBy, rowsOf } from './rows.ts';

const chain = chainOf('active', 'base');
const facts = factsOf({
  chain,
  disk: diskWith(chain),
  ref: REF,
  records: [],
  reverts: null,
  users: usersOf(chain, { base: [user('a'), user('b')] }),
  plan: null,
  operation: null,
});
const closed = rowsOf(facts, new Set());
const open = rowsOf(facts, new Set(['base']));

test('other disks are rows of their own below the image that they share, once it is opened', () => {
  expect(closed.map(({ id }) => id)).toEqual(['active', 'base']);
  expect(open.map(({ id }) => id)).toEqual(['active', 'base', 'base a vda', 'base b vda']);
  expect(closed.map((row) => row.kind === 'image' && row.open)).toEqual([null, false]);
});

test.each([
  ['ArrowDown', 'active', { kind: 'focus', id: 'base' }],
  ['ArrowUp', 'active', null],
  ['End', 'active', { kind: 'focus', id: 'base' }],
  ['Home', 'base', { kind: 'focus', id: 'active' }],
  ['ArrowRight', 'active', null],
  ['ArrowRight', 'base', { kind: 'open', id: 'base' }],
  ['ArrowLeft', 'base', null],
  ['a', 'base', null],
  ['ArrowDown', 'gone', null],
])('closed: %s on %s', (key, current, move) => {
  expect(moveBy(key, closed, current)).toEqual(move);
});

test.each([
  ['ArrowRight', 'base', { kind: 'focus', id: 'base a vda' }],
  ['ArrowLeft', 'base', { kind: 'close', id: 'base' }],
  ['ArrowLeft', 'base b vda', { kind: 'focus', id: 'base' }],
  ['ArrowDown', 'base', { kind: 'focus', id: 'base a vda' }],
])('open: %s on %s', (key, current, move) => {
  expect(moveBy(key, open, current)).toEqual(move);
});
