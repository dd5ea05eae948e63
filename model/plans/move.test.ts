import { describe, expect, test } from 'vitest';
import { NESTED } from '../fleet/capabilities.ts';
import type { Destination } from '../fleet/destination.ts';
import type { Image } from '../fleet/image.ts';
import { problem } from '../problem.ts';
import { chainOf, deepChain, diskWith, FACTS, freeSpaceOf, GIB, QCOW2, REF } from '../testing.ts';
import { type MoveFacts, type MoveIntent, planMove } from './move.ts';

const chain = chainOf('/vm/active', '/vm/base');
const FREE: Destination = { at: 'nothing', folder: 'there', freeSpace: freeSpaceOf(100 * GIB) };
const NEW = '/fs2/new.qcow2';

function plan(
  strategy: MoveIntent['strategy'],
  facts: Partial<MoveFacts> = {},
  disk = diskWith(chain),
  file = NEW,
) {
  const intent: MoveIntent = { kind: 'move', target: 'vda', file, strategy };
  return planMove(REF, disk, intent, { ...FACTS, destination: FREE, disks: [disk], ...facts });
}
const codes = (problems: readonly { code: string }[]) => problems.map(({ code }) => code);
const withActive = (changes: Partial<Image>) =>
  diskWith({ images: chain.images.map((image, i) => (i === 0 ? { ...image, ...changes } : image)) });

test('A3: a copy leaves the guest on one new image', () => {
  const made = plan('copy');
  expect(made.refusals).toEqual([]);
  expect(made.wholeGuest).toBe(false);
  expect(made.disks[0]?.after.images.map(({ key }) => key)).toEqual([NEW]);
  expect(made.steps).toEqual([
    {
      kind: 'copy',
      hostId: 'alpha',
      target: 'vda',
      file: NEW,
      format: 'qcow2',
      before: ['/vm/active', '/vm/base'],
      after: [NEW],
    },
  ]);
});

test('A3: as the guide does it, a snapshot there, a pull of all, and no record left', () => {
  const made = plan('pull');
  expect(made.wholeGuest).toBe(true);
  expect(made.steps).toMatchObject([
    {
      kind: 'snapshot',
      name: 'move-vda',
      disks: [{ target: 'vda', file: NEW, after: [NEW, '/vm/active', '/vm/base'] }],
    },
    { kind: 'pull', base: null, before: [NEW, '/vm/active', '/vm/base'], after: [NEW] },
    { kind: 'forget', names: ['move-vda'] },
  ]);
});

test('its snapshot takes a name that is free', () => {
  const record = (name: string) => ({ name, description: null, createdAt: 0, parent: null, disks: [] });
  const records = [record('move-vda'), record('move-vda-2')];
  expect(plan('pull', { records }).steps).toMatchObject([
    { name: 'move-vda-3' },
    {},
    { names: ['move-vda-3'] },
  ]);
});

describe.each(['copy', 'pull'] as const)('refused by %s', (strategy) => {
  test.each<[string, Partial<Destination>, string]>([
    ['', {}, 'DESTINATION_EMPTY'],
    ['new.qcow2', {}, 'DESTINATION_RELATIVE'],
    ['/fs2/../new', {}, 'DESTINATION_NOT_PLAIN'],
    [NEW, { at: 'file' }, 'DESTINATION_EXISTS'],
    [NEW, { at: 'folder' }, 'DESTINATION_IS_FOLDER'],
    [NEW, { folder: 'missing' }, 'DESTINATION_NO_FOLDER'],
    [NEW, { freeSpace: freeSpaceOf(2 ** 16) }, 'DESTINATION_FULL'],
  ])('to %j, which is %j: %s', (file, found, code) => {
    expect(
      codes(plan(strategy, { destination: { ...FREE, ...found } }, diskWith(chain), file).refusals),
    ).toEqual([code]);
  });

  test('too little free space is refused if it is certain, and warned of otherwise', () => {
    const maps = new Map(
      chain.images.map(({ key }) => [
        key,
        { clusterSize: 65536, data: new Uint32Array(512).fill(~0), zeros: new Uint32Array(512) },
      ]),
    );
    const destination = { ...FREE, freeSpace: freeSpaceOf(GIB / 2) };
    expect(codes(plan(strategy, { destination, maps }).refusals)).toEqual(['NO_SPACE']);
    expect(codes(plan(strategy, { destination }).refusals)).toEqual([]);
    expect(codes(plan(strategy, { destination }).warnings)).toContain('LITTLE_SPACE');
  });

  test.each([
    [diskWith(null), 'DISK_EMPTY'],
    [diskWith(chain, { readOnly: true }), 'READ_ONLY'],
    [diskWith(chain, { job: { kind: 'pull', bandwidth: 0, cur: 0, end: 0, ready: false } }), 'JOB_RUNNING'],
    [withActive({ traits: { ...QCOW2, encrypted: true } }), 'MOVE_WOULD_DECRYPT'],
  ])('a disk %#: %s', (disk, code) => {
    expect(codes(plan(strategy, {}, disk).refusals)).toEqual([code]);
  });

  test('of a guest that does not run', () => {
    expect(codes(plan(strategy, { guestRuns: false }).refusals)).toEqual(['GUEST_NOT_RUNNING']);
  });
});

test('subclusters are refused where a pull into an overlay that has them too could kill the guest', () => {
  const disk = withActive({ traits: { ...QCOW2, extendedL2: true } });
  const dies = { capabilities: { ...FACTS.capabilities, extendedL2Aborts: true } };
  expect(codes(plan('pull', dies, disk).refusals)).toEqual(['MOVE_EXTENDED_L2']);
  expect(plan('pull', {}, disk).refusals).toEqual([]);
  expect(plan('copy', dies, disk).refusals).toEqual([]);
});

test('a pull needs one layer more for a while, a copy does not', () => {
  const nested = { capabilities: { ...FACTS.capabilities, mostLayers: NESTED } };
  const disk = (layers: number) => diskWith(deepChain(layers));
  expect(plan('pull', nested, disk(24)).refusals).toEqual([]);
  expect(plan('pull', nested, disk(25)).refusals).toEqual([
    problem('CHAIN_TOO_DEEP', { target: 'vda', layers: 26, most: 25, instead: 'copy' }),
  ]);
  expect(plan('copy', nested, disk(30)).refusals).toEqual([]);
});

test('warned of: a path that can’t be read, internal snapshots, records, a guest without a definition', () => {
  const unread = { at: 'unknown', folder: 'unknown', freeSpace: null } as const;
  expect(codes(plan('copy', { destination: unread }).warnings)).toEqual(['DESTINATION_UNREADABLE']);
  const snapshots = withActive({ traits: { ...QCOW2, internalSnapshots: 2 } });
  expect(plan('copy', {}, snapshots).warnings).toEqual([
    { code: 'MOVE_LEAVES_SNAPSHOTS', params: { image: 'active', count: 2 } },
  ]);
  const disks = [{ target: 'vda', kind: 'external', frozen: '/vm/base', overlay: '/vm/active' } as const];
  const records = [{ name: 'one', description: null, createdAt: 0, parent: null, disks }];
  expect(plan('copy', { records }).warnings).toEqual([{ code: 'RECORD_STALE', params: { name: 'one' } }]);
  expect(codes(plan('copy', { persistent: false }).warnings)).toEqual(['GUEST_TRANSIENT']);
});
