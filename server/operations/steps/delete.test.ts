import { expect, test } from 'vitest';
import type { LeftoverReport } from '../../../model/fleet/leftover.ts';
import { planDelete } from '../../../model/plans/delete.ts';
import { problem } from '../../../model/problem.ts';
import type { LeftoversPort } from '../../ports/leftovers.ts';
import { NOTHING } from '../testing/verdicts.ts';
import { deleteFile, judgeDelete } from './delete.ts';

const REPORT: LeftoverReport = {
  hostId: 'alpha',
  blocked: [],
  leftovers: [
    {
      path: '/vm/old',
      identity: 'inode 1 2',
      format: 'qcow2',
      backing: [],
      backingPath: null,
      virtualSize: 9,
      allocated: 5,
      modifiedAt: 1,
      stamp: '9 1',
      pool: 'default',
      under: [],
      left: null,
    },
  ],
  kept: [],
  inUse: [],
  used: [],
  checked: { hosts: 1, guests: 1, records: 0, pools: 1, folders: 1, files: 1 },
  onlyPools: false,
};

test('a file that is gone is done; another file in its place, or one that stays after the call, fails', () => {
  const judged = (state: 'there' | 'other' | 'gone', memory = {}) =>
    judgeDelete('/vm/old', state, { ...NOTHING, ...memory });
  expect(judged('gone')).toEqual({ do: 'done' });
  expect(judged('gone', { intended: true, cancelling: true })).toEqual({ do: 'done' });
  expect(judged('other')).toMatchObject({ do: 'fail', problem: { code: 'LEFTOVER_CHANGED' } });
  expect(judged('there')).toEqual({ do: 'start' });
  expect(judged('there', { seen: true })).toMatchObject({ problem: { code: 'DELETE_NOT_VERIFIED' } });
});

test('after a crash in the middle the daemon gets time before it is asked again, or the step is cancelled', () => {
  const judged = (memory = {}) => judgeDelete('/vm/old', 'there', { ...NOTHING, intended: true, ...memory });
  expect(judged()).toEqual({ do: 'settle' });
  expect(judged({ settled: true })).toEqual({ do: 'start' });
  expect(judged({ settled: true, cancelling: true })).toEqual({ do: 'cancel' });
});

test('what is read right before the call decides, not what the plan was made from', async () => {
  const plan = planDelete({ kind: 'delete', files: ['/vm/old'] }, REPORT, 'qemu:///system');
  const [step] = plan.steps;
  if (step?.kind !== 'delete') throw new Error('No step');
  const removed: string[] = [];
  const port = (report: LeftoverReport): LeftoversPort => ({
    find: async () => report,
    stateOf: async () => 'there',
    remove: async (_host, { file }) => void removed.push(file),
  });
  const start = (report: LeftoverReport) =>
    deleteFile({ leftovers: port(report) }, plan, step).start(0, () => {});
  const used = { ...REPORT, leftovers: [], used: [{ path: '/vm/old', by: ['web-1 (vda)'] }] };
  await expect(start(used)).rejects.toMatchObject({
    problem: { code: 'LEFTOVER_USED', params: { users: 'web-1 (vda)' } },
  });
  const lost = { ...REPORT, blocked: [problem('HOST_USERS_UNKNOWN', { host: 'beta' })] };
  await expect(start(lost)).rejects.toMatchObject({ problem: { code: 'HOST_USERS_UNKNOWN' } });
  const [old] = REPORT.leftovers;
  const under = { ...REPORT, leftovers: old === undefined ? [] : [{ ...old, under: ['/vm/over'] }] };
  await expect(start(under)).rejects.toMatchObject({ problem: { code: 'LEFTOVER_BACKS' } });
  expect(removed).toEqual([]);
  await start(REPORT);
  expect(removed).toEqual(['/vm/old']);
});
