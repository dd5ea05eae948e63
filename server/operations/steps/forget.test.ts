import { expect, test } from 'vitest';
import { planForget } from '../../../model/plans/forget.ts';
import { ProblemError, problem } from '../../../model/problem.ts';
import { chainOf, diskWith, FACTS, guestWith } from '../../../model/testing.ts';
import type { Ports } from '../../ports/ports.ts';
import { FakeHost } from '../testing/fake-host.ts';
import { UNREACHED } from '../testing/unreached.ts';
import { NOTHING } from '../testing/verdicts.ts';
import { forget } from './forget.ts';

const REF = { hostId: 'alpha', uuid: '0', target: 'vda' };
const guest = guestWith(diskWith(chainOf('/a')), REF);
const record = (name: string) => ({ name, description: null, createdAt: 1, parent: null, disks: [] });

/** A driver that forgets `a` and `b`, on a host that has these records; libvirt refuses as it does. */
function forgetting(...names: string[]) {
  const host = new FakeHost();
  host.add(REF);
  let there = names;
  const change = (left: string[]) => {
    there = left;
    host.change(REF, { records: there.map(record) });
  };
  change(names);
  const called: string[] = [];
  const snapshots: Ports['snapshots'] = {
    ...UNREACHED.snapshots,
    async forget(_ref, name) {
      called.push(name);
      if (!there.includes(name)) throw new ProblemError('not-found', problem('RECORD_UNKNOWN', { name }));
      change(there.filter((one) => one !== name));
    },
  };
  const plan = planForget(guest, { kind: 'forget', names: ['a', 'b'] }, FACTS);
  const step = { kind: 'forget', hostId: 'alpha', names: ['a', 'b'] } as const;
  return { driver: forget({ freshGuests: host, snapshots }, plan, step), called, change, snapshots };
}

test('all named records that exist are removed, and no others', async () => {
  const { driver, called } = forgetting('a', 'kept', 'b');
  expect(await driver.judge(NOTHING)).toEqual({ do: 'start' });
  await driver.start(0, () => {});
  expect(called).toEqual(['a', 'b']);
  expect(await driver.judge({ ...NOTHING, intended: true, seen: true })).toEqual({ do: 'done' });
});

test('where a process died in the middle, the next one removes what is left', async () => {
  const { driver, called } = forgetting('b');
  expect(await driver.judge({ ...NOTHING, intended: true })).toEqual({ do: 'start' });
  await driver.start(0, () => {});
  expect(called).toEqual(['b']);
});

test('a record that somebody else removed first is no error', async () => {
  const { driver, change } = forgetting('a', 'b');
  const started = driver.start(0, () => {});
  change([]);
  await started;
  expect(await driver.judge({ ...NOTHING, intended: true, seen: true })).toEqual({ do: 'done' });
});

test('a record that exists again is not removed again', async () => {
  const { driver } = forgetting('a');
  expect(await driver.judge({ ...NOTHING, intended: true, seen: true })).toMatchObject({
    problem: { code: 'FORGET_NOT_VERIFIED' },
  });
});

test('the step is cancelled only before libvirt was asked', async () => {
  const { driver } = forgetting('a');
  expect(await driver.judge({ ...NOTHING, cancelling: true })).toEqual({ do: 'cancel' });
});

test('a record that became the current one while the step waited is not removed', async () => {
  const host = new FakeHost();
  const records = [record('a'), record('b'), { ...record('kept'), parent: 'b' }];
  host.add(REF);
  host.change(REF, { records, reverts: { current: 'b', aside: [], writtenAt: {} } });
  const called: string[] = [];
  const snapshots: Ports['snapshots'] = {
    ...UNREACHED.snapshots,
    async forget(_ref, name) {
      called.push(name);
    },
  };
  const plan = planForget(guest, { kind: 'forget', names: ['a', 'b'] }, FACTS);
  const step = { kind: 'forget', hostId: 'alpha', names: ['a', 'b'] } as const;
  const driver = forget({ freshGuests: host, snapshots }, plan, step);
  await expect(driver.start(0, () => {})).rejects.toMatchObject({
    problem: { code: 'FORGET_CURRENT', params: { name: 'b' } },
  });
  expect(called).toEqual([]);
});
