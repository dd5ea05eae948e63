import { describe, expect, test } from 'vitest';
import { NESTED } from '../fleet/capabilities.ts';
import { keys } from '../fleet/chain.ts';
import type { Image } from '../fleet/image.ts';
import type { SnapshotRecord } from '../fleet/snapshot-record.ts';
import { problem } from '../problem.ts';
import { chainOf, deepChain, diskWith, FACTS, flattenTo, freeSpaceOf, GIB, QCOW2, REF } from '../testing.ts';
import { type FlattenFacts, type FlattenIntent, planFlatten } from './flatten.ts';

const chain = chainOf('/vm/active', '/vm/sn2', '/vm/sn1', '/vm/base');

function plan(base: string | null, facts: Partial<FlattenFacts> = {}, disk = diskWith(chain)) {
  return planFlatten(REF, disk, flattenTo(base), { ...FACTS, ...facts });
}
const codes = (problems: readonly { code: string }[]) => problems.map(({ code }) => code);
/** The chain with one image changed. */
const withImage = (at: number, changes: Partial<Image>) =>
  diskWith({ images: chain.images.map((image, i) => (i === at ? { ...image, ...changes } : image)) });

test('P2: toward sn1 merges sn2 alone', () => {
  const made = plan('/vm/sn1');
  const after = ['/vm/active', '/vm/sn1', '/vm/base'];
  expect(made.disks.map(({ merged }) => merged)).toEqual([['/vm/sn2']]);
  expect(made.disks.map((disk) => keys(disk.after))).toEqual([after]);
  const what = { kind: 'pull', hostId: 'alpha', target: 'vda', base: '/vm/sn1' };
  const step = { ...what, before: keys(chain), after, flush: 'resize' };
  expect(made.steps).toEqual([step]);
  expect(made.refusals).toEqual([]);
});

describe('refused', () => {
  test.each([
    ['/vm/active', {}, 'BASE_IS_ACTIVE'],
    ['/vm/sn2', {}, 'NOTHING_TO_MERGE'],
    ['/vm/other', {}, 'BASE_NOT_IN_CHAIN'],
    [null, { guestRuns: false, savedState: true }, 'SAVED_STATE'],
  ] as const)('toward %s with %j: %s', (base, facts, code) => {
    expect(codes(plan(base, facts).refusals)).toEqual([code]);
  });

  test.each([
    [diskWith(null), 'DISK_EMPTY'],
    [diskWith(null, { problem: { code: 'CHAIN_UNREADABLE', params: {} } }), 'CHAIN_UNREADABLE'],
    [diskWith(chain, { readOnly: true }), 'READ_ONLY'],
    [diskWith(chain, { job: { kind: 'commit', bandwidth: 0, cur: 0, end: 0, ready: false } }), 'JOB_RUNNING'],
    [diskWith(chain, { problem: { code: 'IMAGE_MISSING', params: {} } }), 'IMAGE_MISSING'],
    [diskWith({ images: chain.images.slice(0, 1) }), 'ONLY_IMAGE'],
  ])('a disk %#: %s', (disk, code) => {
    expect(codes(plan(null, {}, disk).refusals)).toEqual([code]);
  });

  test('internal snapshots in what merges or receives, not in what stays', () => {
    const traits = { ...QCOW2, internalSnapshots: 1 };
    expect([0, 1, 2, 3].map((at) => codes(plan('/vm/sn1', {}, withImage(at, { traits })).refusals))).toEqual([
      ['INTERNAL_SNAPSHOTS'],
      ['INTERNAL_SNAPSHOTS'],
      [],
      [],
    ]);
  });

  test('extended L2 entries in the active image, on a QEMU that dies of it', () => {
    const traits = { ...QCOW2, extendedL2: true };
    const dies = { capabilities: { ...FACTS.capabilities, extendedL2Aborts: true } };
    expect(codes(plan(null, dies, withImage(0, { traits })).refusals)).toEqual(['EXTENDED_L2']);
    expect(plan(null, {}, withImage(0, { traits })).refusals).toEqual([]);
    expect(plan(null, dies, withImage(1, { traits })).refusals).toEqual([]);
  });

  test('a snapshot first that is one layer too many, for a while or for good', () => {
    const nested = { capabilities: { ...FACTS.capabilities, mostLayers: NESTED } };
    const snapshotFirst = { name: 's', file: '/vm/s' };
    const free = { at: 'nothing', folder: 'there', freeSpace: freeSpaceOf(100 * GIB) } as const;
    const destinations = new Map([['/vm/s', free]]);
    const first = (layers: number) =>
      planFlatten(REF, diskWith(deepChain(layers)), flattenTo(null, { snapshotFirst }), {
        ...FACTS,
        ...nested,
        destinations,
      }).refusals;
    expect(first(24)).toEqual([]);
    expect(first(25)).toEqual([
      problem('CHAIN_TOO_DEEP', { target: 'vda', layers: 26, most: 25, instead: 'plain' }),
    ]);
    expect(plan(null, nested, diskWith(deepChain(40))).refusals).toEqual([]);
  });

  test('a guest that would have to start on a chain that its host can’t take', () => {
    const off = { guestRuns: false, capabilities: { ...FACTS.capabilities, mostLayers: NESTED } };
    expect(plan(null, off, diskWith(deepChain(25))).refusals).toEqual([]);
    expect(plan(null, off, diskWith(deepChain(26))).refusals).toEqual([
      problem('CHAIN_TOO_DEEP_TO_START', {
        target: 'vda',
        layers: 26,
        most: 25,
        command: 'qemu-img rebase -f qcow2 -F qcow2 -b /vm/25 /vm/0',
      }),
    ]);
  });

  test('a base that a shorter image would expose', () => {
    const short = withImage(1, { virtualSize: GIB / 2 });
    expect(codes(plan('/vm/base', {}, short).refusals)).toEqual(['PULL_BASE_LONGER']);
    expect(plan(null, {}, short).refusals).toEqual([]);
    expect(plan('/vm/base', {}, withImage(2, { virtualSize: GIB / 2 })).refusals).toEqual([]);
    expect(plan('/vm/base', {}, withImage(1, { virtualSize: null })).refusals).toEqual([]);
  });
});

test('regression: a flatten wrote encrypted data in the clear', () => {
  const traits = { ...QCOW2, encrypted: true };
  const refused = (position: number, base: string | null) =>
    codes(plan(base, {}, withImage(position, { traits })).refusals);
  expect(refused(1, null)).toEqual(['PULL_WOULD_DECRYPT']);
  // Into one that is encrypted, and above one that is, nothing comes to light.
  expect(refused(0, null)).toEqual([]);
  expect(refused(3, '/vm/base')).toEqual([]);
});

describe('warned of', () => {
  test('free space, if the bound is larger', () => {
    expect(codes(plan(null, { freeSpace: freeSpaceOf(2 ** 20) }).warnings)).toEqual(['LITTLE_SPACE']);
    expect(plan(null, { freeSpace: null }).warnings).toEqual([]);
  });

  test('what touched images are', () => {
    expect(codes(plan('/vm/sn1', {}, withImage(1, { missing: true })).warnings)).toEqual(['IMAGE_GONE']);
    expect(codes(plan('/vm/sn1', {}, withImage(1, { traits: { ...QCOW2, known: false } })).warnings)).toEqual(
      ['NOT_INSPECTED'],
    );
    expect(
      codes(plan('/vm/sn1', {}, withImage(0, { traits: { ...QCOW2, dataFile: true } })).warnings),
    ).toEqual(['DATA_FILE']);
    expect(plan('/vm/sn1', {}, withImage(3, { missing: true })).warnings).toEqual([]);
  });

  test('records that go stale by it, not those that were', () => {
    const record = (name: string, frozen: string, overlay: string) => ({
      name,
      description: null,
      createdAt: 0,
      parent: null,
      disks: [{ target: 'vda', kind: 'external', frozen, overlay } as const],
    });
    const records = [
      record('base', '/vm/base', '/vm/sn1'),
      record('one', '/vm/sn1', '/vm/sn2'),
      record('two', '/vm/sn2', '/vm/active'),
      record('old', '/vm/gone', '/vm/base'),
    ];
    expect(plan('/vm/sn1', { records }).warnings.map(({ params }) => params.name)).toEqual(['one', 'two']);
  });
});

test('others who use an image of the chain are named once, this disk is not', () => {
  const other = { ...REF, uuid: 'other', target: 'vdb', guestName: 'app-1' };
  const self = { ...REF, target: 'vda', guestName: 'web-1' };
  const users = new Map([
    ['/vm/sn1', [self, other]],
    ['/vm/base', [self, other]],
    ['/vm/elsewhere', [{ ...other, uuid: 'third' }]],
  ]);
  expect(plan('/vm/base', { users }).otherUsers).toEqual([other]);
});

describe('of a guest that is shut off', () => {
  test('it is started paused, with a warning, and nothing else may be done with it meanwhile', () => {
    const made = plan('/vm/base', { guestRuns: false });
    expect(made.steps).toMatchObject([{ kind: 'shut-off-pull', base: '/vm/base', before: keys(chain) }]);
    expect(made.wholeGuest).toBe(true);
    expect([made.refusals, codes(made.warnings)]).toEqual([[], ['STARTS_PAUSED']]);
  });

  test('a guest that was started meanwhile makes it another plan', () => {
    expect(plan(null).fingerprint).not.toBe(plan(null, { guestRuns: false }).fingerprint);
  });
});

describe('around the pull', () => {
  const record = (name: string, frozen: string, overlay: string): SnapshotRecord => ({
    name,
    description: null,
    createdAt: 1,
    parent: null,
    disks: [{ target: 'vda', kind: 'external', frozen, overlay }],
  });
  const records = [
    record('gone', '/vm/elsewhere', '/vm/active'),
    record('merged', '/vm/sn2', '/vm/active'),
    record('kept', '/vm/base', '/vm/sn1'),
  ];
  const planWith = (changes: Partial<FlattenIntent>, facts: Partial<FlattenFacts> = {}) =>
    planFlatten(REF, diskWith(chain), flattenTo('/vm/sn1', changes), {
      ...FACTS,
      records,
      disks: [diskWith(chain), diskWith(chainOf('/vm/data'), { target: 'vdb' })],
      ...facts,
    });
  const first = { name: 'before', file: null };

  test('records that become stale are forgotten, or warned of', () => {
    const made = planWith({ forgetAfter: true });
    expect(made.steps.map(({ kind }) => kind)).toEqual(['pull', 'forget']);
    expect(made.steps[1]).toMatchObject({ names: ['gone', 'merged'] });
    expect(codes(made.warnings)).toEqual([]);
    expect(made.wholeGuest).toBe(false);
    const left = planWith({ forgetAfter: false });
    expect(left.steps).toHaveLength(1);
    expect(left.warnings).toEqual([{ code: 'RECORD_STALE', params: { name: 'merged' } }]);
  });

  test('with no record to forget there is no step for it', () => {
    expect(planWith({ forgetAfter: true }, { records: [] }).steps).toHaveLength(1);
  });

  test('a snapshot first: its overlay takes the data, and what was active stays as it is', () => {
    const made = planWith({ snapshotFirst: first, forgetAfter: true });
    const before = ['/vm/active.before.qcow2', ...keys(chain)];
    expect(made.steps).toMatchObject([
      {
        kind: 'snapshot',
        name: 'before',
        quiesce: false,
        disks: [{ target: 'vda', file: '/vm/active.before.qcow2', before: keys(chain), after: before }],
        others: ['vdb'],
      },
      { kind: 'pull', base: '/vm/sn1', before, after: ['/vm/active.before.qcow2', '/vm/sn1', '/vm/base'] },
      { kind: 'forget', names: ['gone', 'merged', 'before'] },
    ]);
    expect(made.disks[0]?.merged).toEqual(['/vm/active', '/vm/sn2']);
    expect(made.cost).toMatchObject({ into: 'active.before.qcow2' });
    expect([made.wholeGuest, made.refusals]).toEqual([true, []]);
  });

  test('the new record is warned of if it stays: it is stale at once', () => {
    const { warnings } = planWith({ snapshotFirst: first });
    expect(warnings.filter(({ code }) => code === 'RECORD_STALE').map(({ params }) => params.name)).toEqual([
      'merged',
      'before',
    ]);
  });

  test.each([
    [{ name: '', file: null }, 'SNAPSHOT_NAME_EMPTY'],
    [{ name: 'kept', file: null }, 'SNAPSHOT_NAME_TAKEN'],
    [{ name: 'a', file: 'relative' }, 'DESTINATION_RELATIVE'],
    [{ name: 'a', file: '/full/x' }, 'DESTINATION_EXISTS'],
  ])('%j is refused: %s', (snapshotFirst, code) => {
    const destinations = new Map([['/full/x', { at: 'file', folder: 'there', freeSpace: null } as const]]);
    expect(codes(planWith({ snapshotFirst }, { destinations }).refusals)).toEqual([code]);
  });

  test('what is not worth a flatten is not worth one after a snapshot', () => {
    expect(codes(planWith({ snapshotFirst: first, base: '/vm/sn2' }).refusals)).toEqual(['NOTHING_TO_MERGE']);
    expect(codes(planWith({ snapshotFirst: first, base: '/vm/active' }).refusals)).toEqual([
      'BASE_IS_ACTIVE',
    ]);
  });

  test('the bound counts all that the guest wrote, though it can’t be read yet', () => {
    const empty = { clusterSize: 65536, data: new Uint32Array(1024), zeros: new Uint32Array(1024) };
    const maps = new Map(['/vm/active', '/vm/sn2'].map((key) => [key, empty]));
    expect(planWith({ snapshotFirst: first }, { maps }).cost.atMost).toBe(2 ** 20);
    expect(planWith({ snapshotFirst: first }, { maps, guestRuns: false }).cost.atMost).toBe(0);
  });
});
