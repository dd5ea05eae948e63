import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Writeback } from './writeback.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Work that lasts until a test says so. */
function lasting() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return { work: () => promise, end: () => resolve('done'), fail: reject };
}

test('while the work lasts, what it writes goes to the disk again and again, and no more after it', async () => {
  const writeback = vi.fn(async () => {});
  const { work, end } = lasting();
  const working = new Writeback({ writeback }).during(work);
  await vi.advanceTimersByTimeAsync(1000);
  expect(writeback).toHaveBeenCalledTimes(10);
  end();
  expect(await working).toBe('done');
  await vi.advanceTimersByTimeAsync(1000);
  expect(writeback).toHaveBeenCalledTimes(10);
});

test('a slow disk gets one call at a time, and work that is over does not wait for it', async () => {
  const writeback = vi.fn(() => new Promise<void>(() => {}));
  const { work, end } = lasting();
  const working = new Writeback({ writeback }).during(work);
  await vi.advanceTimersByTimeAsync(1000);
  end();
  expect(await working).toBe('done');
  expect(writeback).toHaveBeenCalledTimes(1);
});

test('an error of the disk is kept, and the work continues', async () => {
  const failure = new Error('EIO: i/o error, fdatasync');
  const writeback = vi.fn(() => Promise.reject(failure));
  const out = new Writeback({ writeback });
  expect(out.failure).toBeNull();
  const { work, end } = lasting();
  const working = out.during(work);
  await vi.advanceTimersByTimeAsync(1000);
  end();
  expect(await working).toBe('done');
  expect(out.failure).toBe(failure);
  expect(writeback).toHaveBeenCalledTimes(1);
});

test('work that fails, fails as it is, and nothing is written for it any more', async () => {
  const writeback = vi.fn(async () => {});
  const { work, fail } = lasting();
  const working = expect(new Writeback({ writeback }).during(work)).rejects.toThrow('gone');
  fail(new Error('gone'));
  await working;
  await vi.advanceTimersByTimeAsync(1000);
  expect(writeback).not.toHaveBeenCalled();
});
