import { expect, onTestFinished, test, vi } from 'vitest';
import { SessionEnds } from './session-ends.ts';

const DAY = 24 * 60 * 60_000;

test('a session is over when it is ended, for all who hold on to it, and for those who come late', () => {
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

test('a session is over when its time is, be that longer than a timer can wait', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const ends = new SessionEnds();
  const signal = ends.of('a', Date.now() + 60 * DAY);
  vi.advanceTimersByTime(60 * DAY - 1);
  expect(signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(signal.aborted).toBe(true);
});
