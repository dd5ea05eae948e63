import { expect, test } from 'vitest';
import { waitingFor } from './waiting.ts';

const pause = { step: 0, fileSystem: '/vm', free: 2, needed: 10 };

test('what is missing is computed from the newest sample', () => {
  expect(waitingFor(pause, null)).toEqual({ why: 'freeSpace', free: 2, missing: 8 });
  expect(waitingFor(pause, { free: null })).toEqual({ why: 'freeSpace', free: 2, missing: 8 });
  expect(waitingFor(pause, { free: 7 })).toEqual({ why: 'freeSpace', free: 7, missing: 3 });
});

test('with enough there again nothing is missing, and where others fill it they are what it waits for', () => {
  expect(waitingFor(pause, { free: 12 })).toEqual({ why: 'soon', free: 12, missing: 0 });
  expect(waitingFor({ ...pause, free: 20 }, { free: 15 }).why).toBe('others');
});

test('regression: once others had taken what was there, it still said to wait for them alone', () => {
  expect(waitingFor({ ...pause, free: 20 }, { free: 4 })).toEqual({ why: 'freeSpace', free: 4, missing: 6 });
});
