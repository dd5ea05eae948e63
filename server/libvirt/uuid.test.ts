import { expect, it } from 'vitest';
import { formatUuid, parseUuid } from './uuid.ts';

const text = 'c8b3ab4b-9c6c-4270-b544-4b75a0f15246';

it('is formatted and parsed', () => {
  expect(formatUuid(parseUuid(text))).toBe(text);
  expect(formatUuid(parseUuid(text.replaceAll('-', '').toUpperCase()))).toBe(text);
});

it('reads a view of a larger buffer', () => {
  const buffer = new Uint8Array(32);
  buffer.set(parseUuid(text), 9);
  expect(formatUuid(buffer.subarray(9, 25))).toBe(text);
});

it.each(['', 'c8b3ab4b', `${text}0`, text.replace('c', 'g')])('refuses %j', (wrong) => {
  expect(() => parseUuid(wrong)).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }));
});

it('refuses another number of bytes', () => {
  expect(() => formatUuid(new Uint8Array(15))).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }));
});
