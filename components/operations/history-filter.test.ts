import { expect, test } from 'vitest';
import { filterFrom, filterQuery } from './history-filter.ts';

test.each([
  [{ host: '', guest: '', state: '' }, ''],
  [{ host: '', guest: '', state: 'failed' }, '?state=failed'],
  [{ host: 'a&b', guest: 'x', state: '' }, '?host=a%26b&guest=x'],
])('%j stands in the address as %j and is read back', (filter, query) => {
  expect(filterQuery(filter)).toBe(query);
  expect(filterFrom(new URLSearchParams(query))).toEqual(filter);
});
