import { expect, test } from 'vitest';
import { NO_FILTER } from '../address/history.ts';
import { historyInput, PAGE } from './history-input.ts';

const UUID = '0b8e0b6e-52a1-4ab1-a32c-9d4b3a9c7f10';

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
