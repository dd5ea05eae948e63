import { expect, test } from 'vitest';
import { waitingFor } from './waiting.ts';

const hold = { step: 0, place: '/vm', free: 2, until: 10 };

test('what is missing is told by the newest look', () => {
  expect(waitingFor(hold, null)).toEqual({ why: 'room', free: 2, missing: 8 });
  expect(waitingFor(hold, { free: null })).toEqual({ why: 'room', free: 2, missing: 8 });
  expect(waitingFor(hold, { free: 7 })).toEqual({ why: 'room', free: 7, missing: 3 });
});

test('with enough there again nothing is missing, and where others fill it they are what it waits for', () => {
  expect(waitingFor(hold, { free: 12 })).toEqual({ why: 'soon', free: 12, missing: 0 });
  expect(waitingFor({ ...hold, free: 20 }, { free: 15 }).why).toBe('others');
});
