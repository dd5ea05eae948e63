import { expect, test } from 'vitest';
import { NESTED } from '../fleet/capabilities.ts';
import { keys } from '../fleet/chain.ts';
import { type Destination, EMPTY_IMAGE } from '../fleet/destination.ts';
import type { Disk } from '../fleet/disk.ts';
import type { Guest } from '../fleet/guest.ts';
import type { SnapshotRecord } from '../fleet/snapshot-record.ts';
import { problem } from '../problem.ts';
import { chainOf, deepChain, diskWith, FACTS, freeSpaceOf, guestWith, imageAt, QCOW2 } from '../testing.ts';
import { planSnapshot, type SnapshotIntent } from './snapshot.ts';
import type { SnapshotFacts } from './snapshot-checks.ts';

const FREE: Destination = { at: 'nothing', folder: 'there', freeSpace: freeSpaceOf(2 ** 30) };
const vda = diskWith(chainOf('/vm/a.qcow2', '/vm/base'));
const vdb = diskWith(chainOf('/vm/b.qcow2'), { target: 'vdb' });
const drive = diskWith(null, { target: 'sda', device: 'cdrom', readOnly: true });
const PLACES = new Map(['/vm/a.s.qcow2', '/vm/b.s', '/new'].map((path) => [path, FREE]));

function plan(
  intent: Partial<SnapshotIntent> = {},
  facts: Partial<SnapshotFacts> = {},
  guest: Partial<Guest> = {},
) {
  const asked: SnapshotIntent = {
    kind: 'snapshot',
    name: 's',
    description: '',
    quiesce: false,
    disks: [{ target: 'vda', file: null }],
    ...intent,
  };
  const all = { ...FACTS, destinations: PLACES, ...facts };
  return planSnapshot(guestWith(vda, { disks: [vda, vdb, drive], ...guest }), asked, all);
}
const codes = (problems: readonly { code: string }[]) => problems.map(({ code }) => code);

test('P1: the disks that are chosen go under new images, the others stay', () => {
  const disks = [
    { target: 'vda', file: null },
    { target: 'vdb', file: '/new' },
  ];
  const made = plan({ disks });
  expect(made.refusals).toEqual([]);
  expect(made.warnings).toEqual([]);
  expect(made.disks.map(({ target, after, merged }) => [target, keys(after), merged])).toEqual([
    ['vda', ['/vm/a.s.qcow2', '/vm/a.qcow2', '/vm/base'], []],
    ['vdb', ['/new', '/vm/b.qcow2'], []],
  ]);
  expect(made.steps).toMatchObject([{ kind: 'snapshot', name: 's', others: ['sda'] }]);
  expect(made.cost).toMatchObject({ atMost: 2 * EMPTY_IMAGE, into: null });
  expect(made.wholeGuest).toBe(true);
});

test('a chain that its host could not take any more', () => {
  const nested = { capabilities: { ...FACTS.capabilities, mostLayers: NESTED } };
  const of = (layers: number, facts: Partial<SnapshotFacts>) =>
    plan(
      {},
      { destinations: new Map([['/vm/0.s.qcow2', FREE]]), ...facts },
      { disks: [diskWith(deepChain(layers))] },
    ).refusals;
  expect(of(24, nested)).toEqual([]);
  expect(of(25, nested)).toEqual([
    problem('CHAIN_TOO_DEEP', { target: 'vda', layers: 26, most: 25, instead: 'none' }),
  ]);
  expect(of(199, {})).toEqual([]);
  expect(codes(of(200, {}))).toEqual(['CHAIN_TOO_DEEP']);
});

test('a chain that changed, or a guest that stopped, makes it another plan', () => {
  const changed = { disks: [diskWith(chainOf('/vm/other', '/vm/base')), vdb, drive] };
  const all = [plan(), plan({}, {}, changed), plan({}, {}, { state: 'shutoff' })];
  expect(new Set(all.map(({ fingerprint }) => fingerprint)).size).toBe(3);
});

test.each([
  ['', 'SNAPSHOT_NAME_EMPTY'],
  ['a/b', 'SNAPSHOT_NAME_BAD'],
  ['.a', 'SNAPSHOT_NAME_BAD'],
  ['a\nb', 'SNAPSHOT_NAME_BAD'],
  ['taken', 'SNAPSHOT_NAME_TAKEN'],
  ['名'.repeat(83), 'SNAPSHOT_NAME_LONG'],
  [`${'名'.repeat(82)}x`, undefined],
  ['before "it" & <that> é', undefined],
])('the name %j: %s', (name, code) => {
  const taken: SnapshotRecord = { name: 'taken', description: null, createdAt: 1, parent: null, disks: [] };
  const { refusals } = plan({ name, disks: [{ target: 'vda', file: '/new' }] }, {}, { records: [taken] });
  expect(refusals[0]?.code).toBe(code);
});

test.each([
  ['relative', FREE, 'DESTINATION_RELATIVE'],
  ['', FREE, 'DESTINATION_EMPTY'],
  ['/vm/../x', FREE, 'DESTINATION_NOT_PLAIN'],
  ['/x', { ...FREE, at: 'file' }, 'DESTINATION_EXISTS'],
  ['/x', { ...FREE, at: 'folder' }, 'DESTINATION_IS_FOLDER'],
  ['/x', { ...FREE, folder: 'missing' }, 'DESTINATION_NO_FOLDER'],
  ['/x', { ...FREE, freeSpace: freeSpaceOf(0) }, 'DESTINATION_FULL'],
] as const)('an overlay at %j where there is %j: %s', (file, fileSystem, code) => {
  const made = plan({ disks: [{ target: 'vda', file }] }, { destinations: new Map([[file, fileSystem]]) });
  expect(codes(made.refusals)).toEqual([code]);
});

test.each([
  ['vdz', {}, 'DISK_UNKNOWN'],
  ['sda', {}, 'DISK_EMPTY'],
  ['vda', { readOnly: true }, 'READ_ONLY'],
  ['vda', { job: { kind: 'pull', bandwidth: 0, cur: 0, end: 1, ready: false } }, 'JOB_RUNNING'],
  ['vda', { problem: { code: 'IMAGE_MISSING', params: {} } }, 'IMAGE_MISSING'],
  [
    'vda',
    { chain: { images: [imageAt('', { source: { kind: 'block', path: '/dev/x' } })] } },
    'OVERLAY_NOWHERE',
  ],
] as const)('the disk %s with %j: %s', (target, change: Partial<Disk>, code) => {
  const disks = [{ ...vda, ...change }, vdb, drive];
  expect(codes(plan({ disks: [{ target, file: null }] }, {}, { disks }).refusals)).toEqual([code]);
});

test('a disk chosen twice, and two overlays at one path', () => {
  const at = (target: string) => ({ target, file: '/new' });
  expect(codes(plan({ disks: [at('vda'), at('vdb')] }).refusals)).toEqual(['DESTINATION_TWICE']);
  expect(codes(plan({ disks: [at('vda'), at('vda')] }).refusals)).toEqual(['DISK_TWICE']);
});

test.each([
  [{ agent: 'connected' }, 'running', undefined],
  [{ agent: 'none' }, 'running', 'NO_AGENT'],
  [{ agent: 'disconnected' }, 'running', 'AGENT_DISCONNECTED'],
  [{ agent: 'connected' }, 'paused', 'QUIESCE_NOT_RUNNING'],
  [{ agent: 'none' }, 'shutoff', 'QUIESCE_NOT_RUNNING'],
] as const)('brought to rest with %j, %s: %s', (facts, state, code) => {
  expect(plan({ quiesce: true }, facts, { state }).refusals[0]?.code).toBe(code);
});

test('memory that is kept for the next start belongs to the images as they are', () => {
  expect(codes(plan({}, { savedState: true }, { state: 'shutoff' }).refusals)).toEqual(['SAVED_STATE']);
});

test('warnings', () => {
  const traits = { ...QCOW2, encrypted: true, internalSnapshots: 2 };
  const disks = [{ ...vda, chain: { images: [imageAt('/vm/a.qcow2', { traits })] } }];
  const made = plan({}, { persistent: false, destinations: new Map() }, { disks });
  expect(made.refusals).toEqual([]);
  expect(codes(made.warnings)).toEqual([
    'GUEST_TRANSIENT',
    'DESTINATION_UNREADABLE',
    'OVERLAY_NOT_ENCRYPTED',
    'INTERNAL_SNAPSHOTS_FROZEN',
  ]);
});

test('warned of: a file system where the guest would write into the reserve', () => {
  const fileSystem = { ...FREE, freeSpace: freeSpaceOf(2 ** 30, { fileSystem: '/vm', reserve: 2 ** 30 }) };
  const made = plan({}, { destinations: new Map([['/vm/a.s.qcow2', fileSystem]]) });
  expect(made.refusals).toEqual([]);
  expect(made.warnings).toEqual([
    { code: 'IN_RESERVE', params: { fileSystem: '/vm', freeSpace: 2 ** 30, reserve: 2 ** 30 } },
  ]);
});
