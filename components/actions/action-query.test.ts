import { expect, test } from 'vitest';
import { actionFrom, withAction } from './action-query.ts';

test('an open form stands in the address beside the rest, and goes from it', () => {
  const open = withAction(new URLSearchParams('view=table&image=/a'), 'move');
  expect(open).toBe('?view=table&image=%2Fa&do=move');
  expect(actionFrom(new URLSearchParams(open))).toBe('move');
  expect(withAction(new URLSearchParams(open), null)).toBe('?view=table&image=%2Fa');
  expect(withAction(new URLSearchParams('do=move'), null)).toBe('');
});

test.each(['', 'do=', 'do=format', 'do=Move'])('%j opens none', (query) => {
  expect(actionFrom(new URLSearchParams(query))).toBeNull();
});
