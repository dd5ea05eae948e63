import { expect, test } from 'vitest';
import { writtenByUs } from '../fleet/known-write.ts';
import type { RevertBasis } from '../fleet/revert-basis.ts';
import type { SnapshotRecord } from '../fleet/snapshot-record.ts';
import { withKeptSnapshots } from '../kinds/kept-snapshots.ts';
import { planDeleteSnapshot } from '../plans/delete-snapshot/delete-snapshot.ts';
import { chainOf, diskWith, FACTS, guestWith } from '../testing.ts';
import { knownWrites } from './known-writes.ts';
import type { Operation, StepStatus } from './operation.ts';

const record = (name: string, parent: string | null, frozen: string, overlay: string): SnapshotRecord => ({
  ...{ name, description: null, createdAt: 1000, parent },
  disks: [{ target: 'vda', kind: 'external', frozen, overlay }],
});
const records = [
  record('s1', null, '/base', '/s1'),
  record('s2', 's1', '/s1', '/s2'),
  record('s3', 's2', '/s2', '/s3'),
];
const reverts: RevertBasis = { current: 's3', aside: [], writtenAt: {} };
const guest = guestWith(diskWith(chainOf('/s3', '/s2', '/s1', '/base')), { records, reverts });
const planned = planDeleteSnapshot(
  guest,
  { kind: 'delete-snapshot', name: 's1' },
  { ...FACTS, freeSpaces: new Map(), dependents: [] },
);
const plan = withKeptSnapshots(planned, guest);

const operation = (step: StepStatus, changes: Partial<Operation> = {}): Operation => ({
  ...{ id: 'o', hostName: 'alpha', plan, actor: 'somebody', state: 'running', steps: [step], bandwidth: 0 },
  ...{ problem: null, grownBy: null, createdAt: 10, startedAt: 20, endedAt: null },
  ...changes,
});

test('the deletion of a snapshot keeps those that were intact, and writes the base and the header above', () => {
  expect(plan.kept).toEqual(['s2', 's3']);
  const from = 30;
  const kept = ['s2', 's3'];
  // libvirt was called again after somebody died.
  expect(knownWrites(operation({ state: 'running', firstStartedAt: 30, startedAt: 35 }))).toEqual([
    { image: '/s2', from, until: null, kept },
    { image: '/base', from, until: null, kept },
  ]);
  expect(
    knownWrites(operation({ state: 'done', startedAt: 30, endedAt: 40 }, { endedAt: 50 })),
  ).toMatchObject([{ until: 40 }, { until: 40 }]);
  expect(knownWrites(operation({ state: 'failed', startedAt: 30 }, { endedAt: 50 }))).toMatchObject([
    { until: 50 },
    { until: 50 },
  ]);
});

test('what was not begun wrote nothing, and a plan that keeps nothing explains nothing', () => {
  expect(knownWrites(operation({ state: 'waiting' }))).toEqual([]);
  expect(knownWrites(operation({ state: 'running', startedAt: 30 }, { plan: planned }))).toEqual([]);
  const doubtful = { ...guest, reverts: { ...reverts, writtenAt: { '/base': 60_000 } } };
  expect(withKeptSnapshots(planned, doubtful).kept).toBeUndefined();
});

test('regression: what others wrote while an operation waited for its turn counted as written by it', () => {
  const waited = operation({ state: 'running', startedAt: 300 }, { startedAt: 20 });
  const kept = ['s2', 's3'];
  expect(writtenByUs({ '/base': 299 }, knownWrites(waited))).toEqual({});
  expect(writtenByUs({ '/base': 300 }, knownWrites(waited))).toEqual({ '/base': kept });
});
