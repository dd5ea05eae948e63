import { describe, expect, test } from 'vitest';
import { keys } from './chain.ts';
import { planFlatten, pullAborts } from './flatten.ts';
import type { Image } from './image.ts';
import type { PlanFacts } from './plan.ts';
import { chainOf, diskWith, FACTS, flattenTo, GIB, QCOW2, REF } from './testing.ts';

const chain = chainOf('/vm/active', '/vm/sn2', '/vm/sn1', '/vm/base');

function plan(base: string | null, facts: Partial<PlanFacts> = {}, disk = diskWith(chain)) {
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
  const step = { kind: 'pull', hostId: 'alpha', target: 'vda', base: '/vm/sn1', before: keys(chain), after };
  expect(made.steps).toEqual([step]);
  expect(made.refusals).toEqual([]);
});

describe('refused', () => {
  test.each([
    ['/vm/active', {}, 'BASE_IS_ACTIVE'],
    ['/vm/sn2', {}, 'NOTHING_TO_MERGE'],
    ['/vm/other', {}, 'BASE_NOT_IN_CHAIN'],
    [null, { guestRuns: false }, 'GUEST_NOT_RUNNING'],
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
    expect(codes(plan(null, { qemuVersion: '7.2.22' }, withImage(0, { traits })).refusals)).toEqual([
      'EXTENDED_L2',
    ]);
    expect(plan(null, { qemuVersion: '8.2.0' }, withImage(0, { traits })).refusals).toEqual([]);
    expect(plan(null, { qemuVersion: '7.2.22' }, withImage(1, { traits })).refusals).toEqual([]);
  });

  test('a base that would show through beyond a shorter image', () => {
    const short = withImage(1, { virtualSize: GIB / 2 });
    expect(codes(plan('/vm/base', {}, short).refusals)).toEqual(['BASE_SHOWS_THROUGH']);
    expect(plan(null, {}, short).refusals).toEqual([]);
    expect(plan('/vm/base', {}, withImage(2, { virtualSize: GIB / 2 })).refusals).toEqual([]);
    expect(plan('/vm/base', {}, withImage(1, { virtualSize: null })).refusals).toEqual([]);
  });
});

test.each([
  ['7.2.22', true],
  ['8.1.9', true],
  ['8.2.0', false],
  ['10.0.1', false],
  ['', true],
  [null, true],
])('QEMU %s may die of a pull into extended L2 entries: %s', (version, aborts) => {
  expect(pullAborts(version)).toBe(aborts);
});

describe('warned of', () => {
  test('room, where the bound is larger', () => {
    expect(codes(plan(null, { room: 2 ** 20 }).warnings)).toEqual(['LITTLE_ROOM']);
    expect(plan(null, { room: null }).warnings).toEqual([]);
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
  expect(plan('/vm/base', { users }).others).toEqual([other]);
});
