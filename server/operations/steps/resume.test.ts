import { expect, test } from 'vitest';
import { chainOf, diskWith, guestWith } from '../../../model/testing.ts';
import { NOTHING } from '../testing.ts';
import { judgeResume } from './resume.ts';

const disk = diskWith(chainOf('/a'));
const ioError = { disks: [{ target: 'vda', error: 'no-space' }] } as const;
const stopped = guestWith(disk, { state: 'paused', ioError });
const intended = { ...NOTHING, intended: true };

test('it is done when the guest runs, whoever had it go on', () => {
  expect(judgeResume(guestWith(disk), NOTHING)).toEqual({ do: 'done' });
  expect(judgeResume(stopped, NOTHING)).toEqual({ do: 'start' });
  expect(judgeResume(stopped, intended)).toEqual({ do: 'start' });
  expect(judgeResume(stopped, { ...NOTHING, cancelling: true })).toEqual({ do: 'cancel' });
});

test('a guest that stops again at once is said to, and not resumed over and over', () => {
  expect(judgeResume(stopped, { ...intended, seen: true })).toMatchObject({
    do: 'fail',
    problem: { code: 'STOPPED_AGAIN', params: { guest: 'web-1' } },
  });
});

test('one that somebody paused meanwhile is left to them, and one that is off has nothing to go on with', () => {
  expect(judgeResume(guestWith(disk, { state: 'paused' }), NOTHING)).toMatchObject({
    problem: { code: 'NO_IO_ERROR' },
  });
  expect(judgeResume(guestWith(disk, { state: 'shutoff' }), intended)).toMatchObject({
    problem: { code: 'GUEST_NOT_RUNNING' },
  });
});
