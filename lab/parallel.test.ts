import { expect, test } from 'vitest';
import { inParallel } from './parallel.ts';

test('results are in the order of the items, and no more than the limit are worked on at once', async () => {
  let now = 0;
  let most = 0;
  const gates = [3, 1, 2, 0].map(() => Promise.withResolvers<void>());
  const done = inParallel(2, [0, 1, 2, 3], async (item) => {
    now += 1;
    most = Math.max(most, now);
    await gates[item]?.promise;
    now -= 1;
    return item * 10;
  });
  for (const gate of gates.toReversed()) gate.resolve();
  expect(await done).toEqual([0, 10, 20, 30]);
  expect(most).toBe(2);
});

test('the first failure is thrown when what was begun has ended, and nothing more is begun', async () => {
  const begun: number[] = [];
  const done = inParallel(1, [1, 2, 3], async (item) => {
    begun.push(item);
    if (item === 2) throw new Error('two');
  });
  await expect(done).rejects.toThrow('two');
  expect(begun).toEqual([1, 2]);
});
