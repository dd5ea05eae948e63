import { expect, test, vi } from 'vitest';
import { Signal } from './signal.ts';

test('a ring before the wait is kept, once', async () => {
  const signal = new Signal();
  signal.ring();
  signal.ring();
  expect(await signal.wait()).toBe(true);
  expect(await signal.wait(1)).toBe(false);
});

test('a ring ends the wait, and its timer', async () => {
  vi.useFakeTimers();
  const signal = new Signal();
  const rung = signal.wait(1000);
  signal.ring();
  expect(await rung).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});
