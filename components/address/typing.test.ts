import { expect, test } from 'vitest';
import { pendingIn, typed } from './typing.ts';

test('what is typed is pending until the address has it', () => {
  const one = typed(null, 'view=table', 'view=table&name=a');
  expect(pendingIn(one, 'view=table')).toBe(one);
  expect(pendingIn(one, 'view=table&name=a')).toBeNull();
  expect(pendingIn(null, 'view=table')).toBeNull();
});

test('a key that comes before the page hears of what was written is not lost', () => {
  const written = { ...typed(null, '', 'name=a'), written: 'name=a' };
  // The page still has the old address.
  const two = typed(pendingIn(written, ''), '', 'name=ab');
  expect(pendingIn(two, '')).toBe(two);
  expect(pendingIn(two, 'name=a')).toBe(two);
  expect(pendingIn(two, 'name=ab')).toBeNull();
});

test('a key taken back is typed as well, once the page hears of what was written', () => {
  const written = { ...typed(null, '', 'name=a'), written: 'name=a' };
  const back = typed(pendingIn(written, ''), '', '');
  expect(pendingIn(back, '')).toBeNull();
  expect(pendingIn(back, 'name=a')).toBe(back);
});

test('an address from elsewhere ends the typing', () => {
  expect(pendingIn(typed(null, 'do=move', 'do=move&file=/x'), 'do=snapshot')).toBeNull();
});
