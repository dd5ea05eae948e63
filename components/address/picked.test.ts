import { expect, test } from 'vitest';
import { withPicked } from './form.ts';
import { pickedFrom } from './picked.ts';

test.each([undefined, null, '/srv/vm/base.img', '/srv/ü "&" = #?.img'])(
  '%j survives the address',
  (picked) => {
    expect(pickedFrom(new URLSearchParams(withPicked(new URLSearchParams(), picked)))).toBe(picked);
  },
);

test('the view stays', () => {
  expect(withPicked(new URLSearchParams('view=table&image=/a'), undefined)).toBe('?view=table');
  expect(withPicked(new URLSearchParams('view=table'), null)).toBe('?view=table&image=');
});
