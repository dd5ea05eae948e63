import { expect, test } from 'vitest';
import { isUuid } from './uuid.ts';

test.each([
  ['0b8e0b6e-52a1-4ab1-a32c-9d4b3a9c7f10', true],
  ['0B8E0B6E-52A1-4AB1-A32C-9D4B3A9C7F10', true],
  ['0b8e0b6e-52a1-4ab1-a32c-9d4b3a9c7f1', false],
  ['web-1', false],
  ['', false],
])('%j: %s', (text, expected) => {
  expect(isUuid(text)).toBe(expected);
});
