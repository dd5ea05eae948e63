import { expect, test } from 'vitest';
import { addressOf, withParams } from './params.ts';

test('a value is set, replaced where it is, or taken out, and the rest stays', () => {
  const query = new URLSearchParams('view=table&image=/a');
  expect(withParams(query, { do: 'move' })).toBe('?view=table&image=%2Fa&do=move');
  expect(withParams(query, { view: 'section', image: null })).toBe('?view=section');
  expect(withParams(query, { view: null, image: null })).toBe('');
  expect(query.toString()).toBe('view=table&image=%2Fa');
});

test.each([
  [{}, '/doctor'],
  [{ guest: null }, '/doctor'],
  [{ guest: 'a&b', fix: '' }, '/doctor?guest=a%26b&fix='],
])('a page with %j has the address %s', (params, address) => {
  expect(addressOf('/doctor', params)).toBe(address);
});
