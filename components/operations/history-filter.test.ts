import { expect, test } from 'vitest';
import { filterFrom, filterQuery, historyInput, NO_FILTER, PAGE } from './history-filter.ts';

const UUID = '0b8e0b6e-52a1-4ab1-a32c-9d4b3a9c7f10';

test.each([
  [NO_FILTER, ''],
  [{ ...NO_FILTER, state: 'failed' }, '?state=failed'],
  [{ ...NO_FILTER, host: 'a&b', guest: 'x', actor: 'ada' }, '?host=a%26b&guest=x&actor=ada'],
])('%j stands in the address as %j and is read back', (filter, query) => {
  expect(filterQuery(filter)).toBe(query);
  expect(filterFrom(new URLSearchParams(query))).toEqual(filter);
});

test('the server is asked for what is chosen, and not for what nothing can be', () => {
  expect(historyInput(NO_FILTER)).toEqual({ limit: PAGE });
  expect(historyInput({ host: 'alpha', guest: UUID, state: 'failed', actor: 'ada' })).toEqual({
    limit: PAGE,
    hostId: 'alpha',
    uuid: UUID,
    state: 'failed',
    actor: 'ada',
  });
  expect(historyInput({ ...NO_FILTER, guest: 'x', state: 'odd' })).toEqual({ limit: PAGE });
});
