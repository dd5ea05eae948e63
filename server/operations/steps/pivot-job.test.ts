import { expect, test } from 'vitest';
import { chainOf, diskWith, guestWith } from '../../../model/testing.ts';
import { NOTHING } from '../testing/verdicts.ts';
import type { StepMemory } from '../verdict.ts';
import { judgePivotJob } from './pivot-job.ts';

const step = {
  hostId: 'alpha',
  target: 'vda',
  before: ['/active', '/base'],
  after: ['/base'],
};
const TEXTS = { job: 'active-commit', problems: 'COMMIT' } as const;
const MEMORY = { ...NOTHING, intended: true, seen: true };
const now = chainOf('/active', '/base');
const job = (ready: boolean) => ({ kind: 'active-commit', bandwidth: 0, cur: 9, end: 9, ready }) as const;

function judge(memory: Partial<StepMemory>, disk = diskWith(now, { job: job(true) })) {
  return judgePivotJob(step, TEXTS, guestWith(disk), disk, { ...MEMORY, ...memory });
}

test('a job that runs is watched, and one that is ready is finished', () => {
  expect(judge({}, diskWith(now, { job: job(false) }))).toEqual({ do: 'watch' });
  expect(judge({})).toEqual({ do: 'finish' });
  expect(judge({ seen: false })).toEqual({ do: 'finish' });
});

test('a job can be cancelled until the pivot was asked for', () => {
  expect(judge({ cancelling: true })).toEqual({ do: 'watch' });
  expect(judge({ cancelling: true, finishing: true })).toEqual({ do: 'finish' });
});

test('a pivot that is under way is watched, one that happened is done, and one that did not is made again', () => {
  expect(judge({ finishing: true }, diskWith(now, { job: job(false) }))).toEqual({ do: 'watch' });
  expect(judge({ finishing: true }, diskWith(chainOf('/base')))).toEqual({ do: 'done' });
  expect(judge({ finishing: true })).toEqual({ do: 'finish' });
});

test('a ready job of somebody else is left alone', () => {
  expect(judge({ intended: false })).toMatchObject({ do: 'fail', problem: { code: 'JOB_RUNNING' } });
  const copy = diskWith(now, { job: { ...job(true), kind: 'copy' } });
  expect(judge({}, copy)).toMatchObject({ do: 'fail', problem: { code: 'JOB_RUNNING' } });
});
