import { expect, test } from 'vitest';
import { leftoversAddress, leftoversHostFrom } from './leftovers.ts';

test('the leftovers of a host have an address, which gives back the host', () => {
  const address = leftoversAddress('a&b');
  expect(address).toBe('/leftovers?host=a%26b');
  expect(leftoversHostFrom(new URLSearchParams('host=a%26b'))).toBe('a&b');
  expect(leftoversHostFrom(new URLSearchParams())).toBeNull();
});
