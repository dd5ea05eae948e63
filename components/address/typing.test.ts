import { expect, test } from 'vitest';
import { pendingIn, typed, written } from './typing.ts';

test('what is typed is pending until the address has it', () => {
  const one = typed(null, 'view=table', 'view=table&name=a');
  expect(pendingIn(one, 'view=table')).toBe(one);
  expect(pendingIn(one, 'view=table&name=a')).toBeNull();
  expect(pendingIn(null, 'view=table')).toBeNull();
});

test('a key that comes before the page hears of what was written is not lost', () => {
  const one = written(typed(null, '', 'name=a'), 'name=a');
  // The page still has the old address.
  const two = typed(one, '', 'name=ab');
  expect(pendingIn(two, '')).toBe(two);
  expect(pendingIn(two, 'name=a')).toBe(two);
  expect(pendingIn(two, 'name=ab')).toBeNull();
});

test('a key taken back is typed as well, once the page hears of what was written', () => {
  const back = typed(written(typed(null, '', 'name=a'), 'name=a'), '', '');
  expect(pendingIn(back, '')).toBeNull();
  expect(pendingIn(back, 'name=a')).toBe(back);
});

test('regression: what was typed was lost when its key came while the address was being written', () => {
  // The key after a key that was taken back, all before the page hears of what was written.
  const back = typed(written(typed(null, '', 'name=a'), 'name=a'), '', '');
  const next = typed(back, '', 'name=b');
  expect(pendingIn(next, 'name=a')).toBe(next);
});

test('an address from elsewhere ends the typing', () => {
  expect(pendingIn(typed(null, 'do=move', 'do=move&file=/x'), 'do=snapshot')).toBeNull();
});
