import { expect, test } from 'vitest';
import { branchFactsOf, type ChainFactsInput, factsOf } from '../chain/facts.ts';
import { aside, chainOf, diskWith, REF, record, revertsWith, user, usersOf } from '../graph/testing.ts';
import { moveBy, rowsOf } from './rows.ts';

const chain = chainOf('active', 'base');
const input: ChainFactsInput = {
  chain,
  disk: diskWith(chain),
  ref: REF,
  records: [],
  reverts: null,
  users: usersOf(chain, { base: [user('a'), user('b')] }),
  plan: null,
  operation: null,
};
const rowsIn = (seen: ChainFactsInput, ...toggled: readonly string[]) => {
  const facts = factsOf(seen);
  return rowsOf(facts, branchFactsOf(seen, facts), new Set(toggled));
};
const closed = rowsIn(input);
const open = rowsIn(input, 'base');

/** base <- s1 <- s2 and s1 <- x beside the chain, and of a pull old <- older. */
const branched: ChainFactsInput = {
  ...input,
  records: ['s2', 'x', 'older'].map((key) => record(key, key, 'gone')),
  reverts: revertsWith(
    null,
    aside('s2', 's1'),
    aside('s1', 'base'),
    aside('x', 's1'),
    aside('older', 'old'),
    aside('old', null),
  ),
};

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

test('branches are rows below the image that they rest on, and below nothing where they rest on nothing', () => {
  const rows = rowsIn(branched);
  expect(rows.map(({ id, level, parent }) => `${level} ${id} ${parent ?? ''}`.trim())).toEqual([
    '1 active',
    '1 base',
    '2 base a vda base',
    '2 base b vda base',
    '2 s2 base',
    '2 s1 base',
    '3 x s1',
    '1 older',
    '1 old',
  ]);
  expect(rowsIn(branched, 'base').map(({ id }) => id)).toEqual(['active', 'base', 'older', 'old']);
});

test.each([
  ['ArrowLeft', 'x', { kind: 'focus', id: 's1' }],
  ['ArrowLeft', 's1', { kind: 'close', id: 's1' }],
  ['ArrowLeft', 's2', { kind: 'focus', id: 'base' }],
  ['ArrowRight', 's2', null],
  ['ArrowLeft', 'older', null],
])('branches: %s on %s', (key, current, move) => {
  expect(moveBy(key, rowsIn(branched), current)).toEqual(move);
});
