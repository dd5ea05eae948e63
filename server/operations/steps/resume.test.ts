import { expect, test } from 'vitest';
import { chainOf, diskWith, guestWith } from '../../../model/testing.ts';
import { NOTHING } from '../testing/verdicts.ts';
import { judgeResume } from './resume.ts';

const disk = diskWith(chainOf('/a'));
const ioError = { disks: [{ target: 'vda', error: 'no-space' }] } as const;
const stopped = guestWith(disk, { state: 'paused', ioError });
const intended = { ...NOTHING, intended: true };

test('the step is done when the guest runs, whoever resumed it', () => {
  expect(judgeResume(guestWith(disk), NOTHING)).toEqual({ do: 'done' });
  expect(judgeResume(stopped, NOTHING)).toEqual({ do: 'start' });
  expect(judgeResume(stopped, intended)).toEqual({ do: 'start' });
  expect(judgeResume(stopped, { ...NOTHING, cancelling: true })).toEqual({ do: 'cancel' });
});

test('a guest that stops again at once is reported, and not resumed over and over', () => {
  expect(judgeResume(stopped, { ...intended, seen: true })).toMatchObject({
    do: 'fail',
    problem: { code: 'STOPPED_AGAIN', params: { guest: 'web-1' } },
  });
});

test('a guest that somebody paused meanwhile stays paused, and one that is shut off cannot be resumed', () => {
  expect(judgeResume(guestWith(disk, { state: 'paused' }), NOTHING)).toMatchObject({
    problem: { code: 'NO_IO_ERROR' },
  });
  expect(judgeResume(guestWith(disk, { state: 'shutoff' }), intended)).toMatchObject({
    problem: { code: 'GUEST_NOT_RUNNING' },
  });
});
