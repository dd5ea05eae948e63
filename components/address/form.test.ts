import { expect, test } from 'vitest';
import { formFrom, withForm, withoutIntent, withPicked } from './form.ts';

test('an open form is in the address beside the view and the picked image', () => {
  const open = withForm(new URLSearchParams('view=table&image=/a'), 'move');
  expect(open).toBe('?view=table&image=%2Fa&do=move');
  expect(formFrom(new URLSearchParams(open))).toBe('move');
});

test('another form begins with nothing of what the last one said', () => {
  expect(withForm(new URLSearchParams('do=move&file=/x&view=table'), 'snapshot')).toBe(
    '?view=table&do=snapshot',
  );
});

test('an image that is picked beside a form leaves it open as it is; a base that is picked is another flatten', () => {
  expect(withPicked(new URLSearchParams('do=merge-down&top=/b'), '/a')).toBe(
    '?do=merge-down&top=%2Fb&image=%2Fa',
  );
  expect(withPicked(new URLSearchParams('image=/b&strategy=cheapest'), '/a')).toBe('?image=%2Fa');
});

test('nothing is wanted any more where form and picked image are gone', () => {
  expect(withoutIntent(new URLSearchParams('view=table&image=/a&do=move&file=/x'))).toBe('?view=table');
  expect(withoutIntent(new URLSearchParams('do=move'))).toBe('');
});
