import { expect, test } from 'vitest';
import { doctorAddress, doctorFrom } from './doctor.ts';

const uuid = '0b8e0b6e-52a1-4ab1-a32c-9d4b3a9c7f10';

test.each([
  { uuid: null, fix: null },
  { uuid, fix: 'alpha 1 DEEP vda /a b&c' },
])('an address gives back what it was made of: %j', (query) => {
  expect(doctorFrom(new URL(doctorAddress(query), 'http://localhost').searchParams)).toEqual(query);
});

test('what names no guest asks for all', () => {
  expect(doctorFrom(new URLSearchParams('guest=web-1'))).toEqual({ uuid: null, fix: null });
  expect(doctorAddress()).toBe('/doctor');
});
