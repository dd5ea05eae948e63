import { describe, expect, test } from 'vitest';
import { NO_DEPENDENTS } from '../fleet/dependents.ts';
import type { Destination } from '../fleet/destination.ts';
import type { RevertBasis } from '../fleet/revert-basis.ts';
import type { SnapshotRecord } from '../fleet/snapshot-record.ts';
import { chainOf, diskWith, FACTS, flattenTo, freeSpaceOf, GIB, imageAt, REF } from '../testing.ts';
import { planFlatten } from './flatten.ts';
import { planMergeDown } from './merge-down.ts';
import { type MoveFacts, planMove } from './move.ts';
import { shortener } from './shorten/shorten.ts';

/** On a host whose libvirt can revert to external snapshots. */
const disk = diskWith(chainOf('/s2', '/s1', '/base'));
const record = (name: string, parent: string | null, frozen: string, overlay: string): SnapshotRecord => ({
  name,
  description: null,
  createdAt: 1000,
  parent,
  disks: [{ target: 'vda', kind: 'external', frozen, overlay }],
});
const records = [record('s1', null, '/base', '/s1'), record('s2', 's1', '/s1', '/s2')];
const reverts: RevertBasis = { current: 's2', aside: [], writtenAt: { '/s1': 0, '/base': 0 } };
const facts = { ...FACTS, disks: [disk], records, reverts };

describe('a flatten', () => {
  const plan = (more: Partial<Parameters<typeof flattenTo>[1]> = {}, changes: Partial<typeof facts> = {}) =>
    planFlatten(REF, disk, flattenTo(null, { forgetAfter: true, ...more }), { ...facts, ...changes });

  test('regression: valid restore points were forgotten by default', () => {
    expect(plan().steps.map(({ kind }) => kind)).toEqual(['pull']);
  });

  test('says which snapshots keep the old images needed', () => {
    const expected = { code: 'RECORDS_NEED_IMAGES', params: { names: 's1, s2', count: 2 } };
    expect(plan().warnings).toEqual([expected]);
    expect(plan({ forgetAfter: false }).warnings).toEqual([expected]);
  });

  test('frees nothing that they need', () => {
    expect(plan().cost.freed).toBe(0);
    expect(plan({}, { records: [] }).cost.freed).toBeGreaterThan(0);
  });

  test('of a part says so of those alone whose images leave the chain', () => {
    const { warnings } = planFlatten(REF, disk, flattenTo('/base'), facts);
    expect(warnings).toEqual([{ code: 'RECORDS_NEED_IMAGES', params: { names: 's2', count: 1 } }]);
  });

  test('keeps the snapshot that is taken before it, since libvirt can revert to it', () => {
    const made = plan({ snapshotFirst: { name: 'before', file: '/s3' } });
    expect(made.steps.map(({ kind }) => kind)).toEqual(['snapshot', 'pull']);
    expect(made.warnings.at(-1)).toMatchObject({ params: { names: 's1, s2, before', count: 3 } });
  });

  test('forgets what is useless already and may go', () => {
    const gone = { ...imageAt('/gone', { missing: true }), backing: null, problem: null };
    const lost = record('lost', 's1', '/gone', '/gone.1');
    const changes = { records: [...records, lost], reverts: { ...reverts, aside: [gone] } };
    expect(plan({}, changes).steps.at(-1)).toEqual({ kind: 'forget', hostId: 'alpha', names: ['lost'] });
    expect(plan({ forgetAfter: false }, changes).steps).toHaveLength(1);
  });
});

test('a merge is refused with the names of the snapshots that rest on its images', () => {
  const dependents = {
    ...NO_DEPENDENTS,
    records: ['s1', 's2'].map((name) => ({
      ...{ ...REF, target: 'vda', guestName: 'web-1' },
      record: name,
      image: '/base',
    })),
  };
  const intent = { kind: 'merge-down', target: 'vda', top: '/s1', base: '/base', forgetAfter: true } as const;
  const made = planMergeDown(REF, disk, intent, { ...facts, dependents });
  expect(made.refusals).toEqual([
    { code: 'RECORD_WRITTEN', params: { image: '/base', records: 'web-1: s1, web-1: s2' } },
  ]);
  const shorten = shortener(REF, disk, { ...facts, dependents, freeSpaces: new Map() });
  const goal = { kind: 'at-most', images: 1 } as const;
  const options = { kind: 'shorten', target: 'vda', goal, pinned: [], forgetAfter: true } as const;
  for (const strategy of ['merge-down', 'cheapest'] as const) {
    const { refusals, steps } = shorten({ ...options, strategy });
    expect(steps.filter(({ kind }) => kind !== 'pull')).toEqual([]);
    if (strategy === 'merge-down') expect(refusals.map(({ code }) => code)).toContain('RECORD_WRITTEN');
  }
});

describe('a move', () => {
  const FREE: Destination = { at: 'nothing', folder: 'there', freeSpace: freeSpaceOf(100 * GIB) };
  const plan = (strategy: 'copy' | 'pull', changes: Partial<MoveFacts> = {}) =>
    planMove(
      REF,
      disk,
      { kind: 'move', target: 'vda', file: '/new', strategy },
      { ...facts, destination: FREE, ...changes },
    );

  test('says that a revert would bring the old file back, also of a disk that the snapshot left out', () => {
    const left = { target: 'vda', kind: 'none', frozen: '/base', overlay: null } as const;
    const other = { target: 'vdb', kind: 'external', frozen: '/b', overlay: '/b1' } as const;
    const names = (all: readonly SnapshotRecord[]) =>
      plan('copy', { records: all }).warnings.map(({ code, params }) => [code, params.names]);
    expect(names(records)).toEqual([['MOVE_REVERTED', 's1, s2']]);
    expect(names([{ ...record('s1', null, '', ''), disks: [other, left] }])).toEqual([
      ['MOVE_REVERTED', 's1'],
    ]);
    expect(names([{ ...record('s1', null, '', ''), disks: [other] }])).toEqual([]);
    expect(plan('copy').refusals).toEqual([]);
  });

  test('by a pull would forget the record of its own snapshot, so it needs a guest without others', () => {
    expect(plan('pull').refusals.map(({ code }) => code)).toEqual(['MOVE_RECORDED']);
    expect(plan('pull', { records: [] }).refusals).toEqual([]);
  });
});
