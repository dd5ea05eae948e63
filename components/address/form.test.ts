import { expect, test } from 'vitest';
import { formFrom, withForm, withoutIntent } from './form.ts';

test('an open form stands in the address beside the rest, and goes from it', () => {
  const open = withForm(new URLSearchParams('view=table&image=/a'), 'move');
  expect(open).toBe('?view=table&image=%2Fa&do=move');
  expect(formFrom(new URLSearchParams(open))).toBe('move');
  expect(withForm(new URLSearchParams(open), null)).toBe('?view=table&image=%2Fa');
  expect(withForm(new URLSearchParams('do=move'), null)).toBe('');
});

test('nothing is wanted any more where form and picked image are gone', () => {
  expect(withoutIntent(new URLSearchParams('view=table&image=/a&do=move'))).toBe('?view=table');
});
