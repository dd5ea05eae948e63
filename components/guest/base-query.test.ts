import { expect, test } from 'vitest';
import { baseFrom, withBase } from './base-query.ts';

test.each([undefined, null, '/srv/vm/base.img', '/srv/ü "&" = #?.img'])('%j survives the address', (base) => {
  expect(baseFrom(new URLSearchParams(withBase(new URLSearchParams(), base)))).toBe(base);
});

test('the rest of the query stays', () => {
  expect(withBase(new URLSearchParams('view=table&image=/a'), undefined)).toBe('?view=table');
  expect(withBase(new URLSearchParams('view=table'), null)).toBe('?view=table&image=');
});
