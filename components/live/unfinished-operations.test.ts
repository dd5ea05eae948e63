import { expect, test } from 'vitest';
import { oldestFirst } from './unfinished-operations.ts';

test('regression: operations of the drawer changed their order when the list was loaded anew', () => {
  const [first, second, third] = [
    { id: 'b', createdAt: 1 },
    { id: 'a', createdAt: 2 },
    { id: 'c', createdAt: 2 },
  ];
  // The server lists the newest first, and the stream appends.
  expect(oldestFirst([third, second, first])).toEqual([first, second, third]);
  expect(oldestFirst([first, second, third])).toEqual([first, second, third]);
});
