import { expect, test } from 'vitest';
import { filterFrom, historyAddress, NO_FILTER } from './history.ts';

test.each([
  [NO_FILTER, '/operations'],
  [{ ...NO_FILTER, state: 'failed' }, '/operations?state=failed'],
  [{ ...NO_FILTER, host: 'a&b', guest: 'x', actor: 'ada' }, '/operations?host=a%26b&guest=x&actor=ada'],
])('%j is in the address as %j and is read back', (filter, address) => {
  expect(historyAddress(filter)).toBe(address);
  expect(filterFrom(new URL(address, 'http://localhost').searchParams)).toEqual(filter);
});
