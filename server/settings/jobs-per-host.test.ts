import { expect, test } from 'vitest';
import { jobsPerHostSetting } from './jobs-per-host.ts';

test.each([
  [undefined, 2],
  ['1', 1],
  ['12', 12],
  ['99', 99],
])('%s is %s jobs', (wanted, jobs) => {
  expect(jobsPerHostSetting(wanted)).toBe(jobs);
});

test.each(['', '0', '100', '-1', '2.5', ' 2', 'two', '1e1'])('nonsense is refused: %j', (wanted) => {
  expect(() => jobsPerHostSetting(wanted)).toThrow('BACKCHAIN_JOBS_PER_HOST');
});
