import { expect, onTestFinished, test, vi } from 'vitest';
import { SessionEnds } from './session-ends.ts';

const DAY = 24 * 60 * 60_000;

test('the end of a session is reported to all who use it, also to those who ask later', () => {
  const ends = new SessionEnds();
  const [one, same, other] = [
    ends.of('a', Date.now() + DAY),
    ends.of('a', 0),
    ends.of('b', Date.now() + DAY),
  ];
  expect(same).toBe(one);
  expect(one.aborted).toBe(false);
  ends.end('a');
  expect(one.aborted).toBe(true);
  expect(other.aborted).toBe(false);
  ends.end('c');
  expect(ends.of('c', Date.now() + DAY).aborted).toBe(true);
});

test('a session ends at its time, even one beyond the longest delay of a timer', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const ends = new SessionEnds();
  const signal = ends.of('a', Date.now() + 60 * DAY);
  vi.advanceTimersByTime(60 * DAY - 1);
  expect(signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(signal.aborted).toBe(true);
});
