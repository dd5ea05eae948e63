import { expect, test } from 'vitest';
import { planFlatten } from '../plans/flatten.ts';
import { chainOf, diskWith, FACTS, flattenTo, operationOf, REF } from '../testing.ts';
import type { Operation } from './operation.ts';
import { limitedTime, ratesOf, timeOf } from './throughput.ts';

const MIB = 2 ** 20;
const plan = planFlatten(REF, diskWith(chainOf('/active', '/sn1', '/base')), flattenTo('/base'), FACTS);

function done(copied: number | null, seconds: number, changes: Partial<Operation> = {}): Operation {
  return operationOf(plan, { grownBy: copied, startedAt: 0, endedAt: seconds * 1000, ...changes });
}

test('the rate is that of the jobs before, the slowest and the fastest with it', () => {
  const rates = ratesOf([done(100 * MIB, 1), done(300 * MIB, 1), done(200 * MIB, 1)]);
  expect(rates.get('pull')).toEqual({ slow: 100 * MIB, median: 200 * MIB, fast: 300 * MIB });
});

test('limited, paused, small and unmeasured jobs do not count', () => {
  const limited = done(100 * MIB, 1, { bandwidth: 5 });
  const paused = done(100 * MIB, 3600, { wasPaused: true });
  expect(ratesOf([limited, paused, done(MIB, 1), done(null, 1)]).size).toBe(0);
});

test('regression: a job that ended while no dashboard ran made its host seem slow', () => {
  const steps = [
    { state: 'done', startedAt: 0, endedAt: 3_600_000, lastSeenAt: 2000, grownBy: 100 * MIB } as const,
  ];
  expect(ratesOf([done(100 * MIB, 3600, { steps })]).size).toBe(0);
});

test('regression: the speeds of the jobs of one operation were not measured', () => {
  const at = { state: 'done', startedAt: 1000, endedAt: 2000 } as const;
  const [job] = plan.steps;
  if (job === undefined) throw new Error('the plan has no step');
  const two = { ...plan, steps: [job, { ...job, kind: 'resume' } as const, job] };
  const steps = [
    { ...at, grownBy: 100 * MIB },
    { ...at, grownBy: null },
    { ...at, grownBy: 300 * MIB },
  ];
  const rates = ratesOf([operationOf(two, { grownBy: 400 * MIB, startedAt: 0, endedAt: 9000, steps })]);
  expect([...rates]).toEqual([['pull', { slow: 100 * MIB, median: 300 * MIB, fast: 300 * MIB }]]);
});

test('the time of a plan comes from measured rates; without a measured job or an inspected image it is unknown', () => {
  const known = { least: 90 * MIB, likely: 100 * MIB, most: 120 * MIB, basis: 'tables' as const };
  const predicted = { ...plan, cost: { ...plan.cost, predicted: known } };
  const rates = ratesOf([done(100 * MIB, 1), done(200 * MIB, 1), done(50 * MIB, 1)]);
  expect(timeOf(predicted, () => rates)).toEqual({ least: 450, likely: 1000, most: 2400 });
  expect(timeOf(predicted, () => new Map())).toBeNull();
  const bound = { ...plan, cost: { ...plan.cost, predicted: { ...known, basis: 'allocations' as const } } };
  expect(timeOf(bound, () => rates)).toBeNull();
});

test('regression: a job that overwrites what its image has was predicted to take no time', () => {
  const nothing = { least: 0, likely: 0, most: 0, basis: 'tables' as const, moved: 200 * MIB };
  const over = { ...plan, cost: { ...plan.cost, predicted: nothing } };
  const rates = ratesOf([done(100 * MIB, 1)]);
  expect(timeOf(over, () => rates)).toEqual({ least: 2000, likely: 2000, most: 2000 });
  // The time it then took shows how fast it was, though its image did not grow.
  const ended = operationOf(over, { grownBy: 0, startedAt: 0, endedAt: 1000 });
  expect(ratesOf([ended]).get('pull')?.median).toBe(200 * MIB);
});

test('a limit makes it longer, never shorter', () => {
  expect(limitedTime(1000, 100, 0)).toBe(1000);
  expect(limitedTime(1000, 100, 10)).toBe(10_000);
  expect(limitedTime(1000, 100, 1000)).toBe(1000);
});
