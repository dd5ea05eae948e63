import { expect, test, vi } from 'vitest';
import { Bell } from './signal.ts';

test('a ring before the wait is kept, once', async () => {
  const bell = new Bell();
  bell.ring();
  bell.ring();
  expect(await bell.wait()).toBe(true);
  expect(await bell.wait(1)).toBe(false);
});

test('a ring ends the wait, and its timer', async () => {
  vi.useFakeTimers();
  const bell = new Bell();
  const rung = bell.wait(1000);
  bell.ring();
  expect(await rung).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});
