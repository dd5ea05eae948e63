import { describe, expect, test } from 'vitest';
import { problem } from '../problem.ts';
import { chainOf, diskWith, guestWith, imageAt } from '../testing.ts';
import type { Disk } from './disk.ts';
import { type RecordState, recordStates } from './record-state.ts';
import type { AsideImage, RevertBasis } from './revert-basis.ts';
import { lineOf, type RecordedDisk, type SnapshotRecord } from './snapshot-record.ts';

const MADE = 1_700_000_000_000;
/** Long after the records, so that something was written since. */
const LATER = MADE + 3_600_000;

const recorded = (
  frozen: string | null,
  overlay: string | null,
  more: Partial<RecordedDisk> = {},
): RecordedDisk => ({
  target: 'vda',
  kind: 'external',
  frozen,
  overlay,
  ...more,
});

const record = (name: string, parent: string | null, ...disks: readonly RecordedDisk[]): SnapshotRecord => ({
  name,
  description: null,
  createdAt: MADE,
  parent,
  disks,
});

const aside = (path: string, backing: string | null, more: Partial<AsideImage> = {}): AsideImage => ({
  ...imageAt(path),
  backing,
  problem: null,
  ...more,
});

interface Seen extends Partial<RevertBasis> {
  readonly records: readonly SnapshotRecord[];
  readonly chain?: readonly string[];
  readonly disks?: readonly Disk[];
}

function states(
  { records, chain = [], disks, ...basis }: Seen,
  target?: string,
): Record<string, RecordState> {
  const current = records.at(-1)?.name ?? null;
  const written = Object.fromEntries(
    [...chain, ...(basis.aside ?? []).map(({ key }) => key)].map((key) => [key, MADE - 1000]),
  );
  const reverts: RevertBasis = { current, aside: [], writtenAt: written, ...basis };
  const guest = { ...guestWith(diskWith(chainOf(...chain)), { records, reverts }), ...(disks && { disks }) };
  return Object.fromEntries(recordStates(guest, target ?? null));
}

/** base <- s1 <- s2, as libvirt makes it by two snapshots. */
const s1 = record('s1', null, recorded('base', 's1'));
const s2 = record('s2', 's1', recorded('s1', 's2'));
const s3 = record('s3', 's2', recorded('s2', 's3'));
const linear = [s1, s2];

describe('in the line of the current record, the frozen image in the chain, the image above as libvirt has it', () => {
  test('good', () => {
    expect(states({ records: linear, chain: ['s2', 's1', 'base'] })).toEqual({ s1: 'good', s2: 'good' });
  });

  test('good after a revert, whose overlay is the active image and whose child is a branch', () => {
    const reverted = record('s1', null, recorded('base', 's1', { reverted: 'base.1' }));
    const seen = {
      records: [reverted, s2],
      current: 's1',
      chain: ['base.1', 'base'],
      aside: [aside('s1', 'base')],
    };
    expect(states(seen)).toEqual({ s1: 'good', s2: 'branch' });
  });

  test('good where the overlay in the record is a branch’s, since the child in the line froze another image', () => {
    const next = record('s3', 's1', recorded('base.1', 's3'));
    const seen = {
      records: [s1, s2, next],
      current: 's3',
      chain: ['s3', 'base.1', 'base'],
      aside: [aside('s1', 'base')],
    };
    expect(states(seen)).toEqual({ s1: 'good', s2: 'branch', s3: 'good' });
  });

  test('good whether or not the time of the last write is known', () => {
    expect(states({ records: linear, chain: ['s2', 's1', 'base'], writtenAt: {} })).toEqual({
      s1: 'good',
      s2: 'good',
    });
  });

  test('written if the frozen image, or one below it, was written long after the snapshot: by whom is unknown', () => {
    const seen = { records: linear, chain: ['s2', 's1', 'base'] };
    expect(states({ ...seen, writtenAt: { s1: LATER, base: MADE } })).toEqual({ s1: 'good', s2: 'written' });
    expect(states({ ...seen, writtenAt: { base: LATER } })).toEqual({ s1: 'written', s2: 'written' });
  });
});

test('regression: what the journal knows of a write is no doubt, for the snapshots that it names only', () => {
  const deleted = [record('s2', null, recorded('base', 's2')), record('s3', 's2', recorded('s2', 's3'))];
  const seen = { records: deleted, chain: ['s3', 's2', 'base'], writtenAt: { base: LATER, s2: LATER } };
  expect(states(seen)).toEqual({ s2: 'written', s3: 'written' });
  const kept = ['s2', 's3'];
  expect(states({ ...seen, writtenByUs: { base: kept, s2: kept } })).toEqual({ s2: 'good', s3: 'good' });
  expect(states({ ...seen, writtenByUs: { base: ['s3'], s2: kept } })).toEqual({ s2: 'written', s3: 'good' });
  expect(states({ ...seen, writtenByUs: { base: kept } })).toEqual({ s2: 'good', s3: 'written' });
  const marked = [record('s1', null, recorded('under', 'base', { deleting: true })), ...deleted];
  const byMark = {
    ...seen,
    records: marked,
    chain: ['s3', 's2', 'base', 'under'],
    writtenByUs: { base: kept, s2: kept },
  };
  expect(states(byMark).s2).toBe('merged');
});

describe('in the line, the frozen image in the chain, another image above', () => {
  const records = [s1, s2, s3];
  const chain = ['s3', 's2', 'base'];

  test('merged after a commit, and written if it may have been one', () => {
    const late = { base: LATER, s2: MADE, s1: MADE };
    expect(states({ records, chain, writtenAt: late }).s1).toBe('merged');
    expect(states({ records, chain, writtenAt: {} }).s1).toBe('written');
  });

  test('good if the frozen image is as it was, so that it was a pull', () => {
    expect(states({ records, chain })).toMatchObject({ s1: 'good', s3: 'good' });
  });

  test('merged after an active commit made the frozen image the active one', () => {
    const seen = { records: linear, chain: ['s1', 'base'], writtenAt: { base: MADE } };
    expect(states(seen)).toEqual({ s1: 'good', s2: 'misset' });
    expect(states({ ...seen, records: [s1, s2, s3] }).s2).toBe('merged');
  });
});

test('in the line, the frozen image pulled or copied away: detached while it is there, unchanged', () => {
  const away = [aside('s1', 'base'), aside('base', null)];
  const seen = { records: linear, chain: ['s2'], aside: away };
  expect(states(seen)).toEqual({ s1: 'detached', s2: 'detached' });
  expect(states({ ...seen, writtenAt: { s1: LATER, base: MADE } })).toEqual({
    s1: 'detached',
    s2: 'written',
  });
  expect(states({ ...seen, writtenAt: { base: LATER } })).toEqual({ s1: 'written', s2: 'written' });
});

test('outside of the line: a branch while its frozen image and all below it are there, unchanged', () => {
  const seen = { records: [s1, s2], current: 's1', chain: ['s1', 'base'] };
  const there = { ...seen, chain: ['base.1', 'base'], aside: [aside('s1', 'base')] };
  expect(states(there).s2).toBe('branch');
  expect(states({ ...there, writtenAt: { base: LATER } }).s2).toBe('written');
  expect(states({ ...there, aside: [] }).s2).toBe('unknown');
});

test('the frozen image is missing, or something below it: useless', () => {
  const gone = [aside('s1', null, { missing: true }), aside('base', null)];
  expect(states({ records: linear, chain: ['s2'], aside: gone })).toEqual({ s1: 'detached', s2: 'useless' });
  const below = [aside('s1', 'base'), aside('base', null, { missing: true })];
  expect(states({ records: linear, chain: ['s2'], aside: below })).toEqual({ s1: 'useless', s2: 'useless' });
  const chain = { images: [imageAt('s2'), imageAt('s1'), imageAt('base', { missing: true })] };
  const broken = diskWith(chain, { problem: problem('IMAGE_MISSING', { image: 'base' }) });
  expect(states({ records: linear, disks: [broken] })).toEqual({ s1: 'useless', s2: 'useless' });
});

describe('the current record names the active image neither as overlay nor as revert disk', () => {
  test('misset, and the others are what they are', () => {
    const seen = { records: linear, chain: ['moved'], aside: [aside('s1', 'base'), aside('base', null)] };
    expect(states(seen)).toEqual({ s1: 'detached', s2: 'misset' });
  });

  test('misset where the overlay of a revert counts, and another image is active', () => {
    const reverted = record('s1', null, recorded('base', 's1', { reverted: 'base.1' }));
    expect(states({ records: [reverted], chain: ['s1', 'base'] })).toEqual({ s1: 'misset' });
    const left = record('s1', null, recorded('base', null, { kind: 'none', reverted: 'base.1' }));
    expect(states({ records: [left], chain: ['other', 'base'] })).toEqual({ s1: 'misset' });
  });

  test('misset for all where no record is current, which ends libvirtd at the next revert', () => {
    const seen = { records: linear, current: null, chain: ['s2', 's1', 'base'] };
    expect(states(seen)).toEqual({ s1: 'misset', s2: 'misset' });
  });
});

test('a deletion that was not completed: what froze the image that it merges into may hold later data', () => {
  const marked = record('s1', null, recorded('base', 's1', { deleting: true }));
  expect(states({ records: [marked, s2, s3], chain: ['s3', 's2', 's1', 'base'] })).toEqual({
    s1: 'good',
    s2: 'merged',
    s3: 'good',
  });
});

describe('a disk that the snapshot left out', () => {
  const left = (frozen: string) => recorded(frozen, null, { target: 'vdb', kind: 'none' });
  const both = (...vdb: readonly string[]) => [
    diskWith(chainOf('s1', 'base')),
    diskWith(chainOf(...vdb), { target: 'vdb' }),
  ];
  const one = record('s1', null, recorded('base', 's1'), left('b'));

  test('is as good as ever while its image is in the chain', () => {
    expect(states({ records: [one], disks: both('b') })).toEqual({ s1: 'good' });
    expect(states({ records: [one], disks: both('b2', 'b'), writtenAt: { b: LATER } })).toEqual({
      s1: 'good',
    });
  });

  test('goes back to its old file after a move: detached, or useless without the file', () => {
    const moved = { records: [one], disks: both('moved') };
    expect(states({ ...moved, aside: [aside('b', null)] })).toEqual({ s1: 'detached' });
    expect(states({ ...moved, aside: [aside('b', null, { missing: true })] })).toEqual({ s1: 'useless' });
    expect(states({ ...moved, aside: [aside('b', null)] }, 'vda')).toEqual({ s1: 'good' });
  });
});

test('the worst of the disks counts', () => {
  const two = record('s1', null, recorded('base', 's1'), recorded('b', 'b1', { target: 'vdb' }));
  const disks = [diskWith(chainOf('s1', 'base')), diskWith(chainOf('b1'), { target: 'vdb' })];
  expect(states({ records: [two], disks, aside: [aside('b', null)] })).toEqual({ s1: 'detached' });
  expect(states({ records: [two], disks, aside: [aside('b', null)] }, 'vda')).toEqual({ s1: 'good' });
});

test('regression: a snapshot of a volume was called good, and libvirt refuses to revert to it', () => {
  const volume = record('s1', null, recorded('base', 's1', { volume: true }));
  expect(states({ records: [volume], chain: ['s1', 'base'] })).toEqual({ s1: 'unknown' });
});

test('a snapshot on what is no file can’t be reverted to by libvirt, as far as known', () => {
  const device = imageAt('base', { source: { kind: 'block', path: 'base' } });
  const disk = diskWith({ images: [imageAt('s1'), device] });
  expect(states({ records: [s1], disks: [disk] })).toEqual({ s1: 'unknown' });
});

describe('what can’t be read is unknown, never useless', () => {
  test.each<[string, Partial<Disk>]>([
    ['no chain', { chain: null }],
    ['a chain read in part', { problem: problem('NOT_IN_POOL', {}) }],
  ])('%s', (_, changes) => {
    const disk = diskWith(chainOf('s2', 's1'), changes);
    expect(states({ records: linear, disks: [disk] })).toEqual({ s1: 'unknown', s2: 'unknown' });
  });

  test('an image outside of the chain that could not be followed', () => {
    const away = [aside('s1', null, { problem: problem('NOT_IN_POOL', {}) })];
    expect(states({ records: linear, chain: ['s2', 'base'], aside: away }).s2).toBe('unknown');
  });

  test('a current record that is not in the list', () => {
    expect(states({ records: linear, current: 's9', chain: ['s2', 's1', 'base'] })).toEqual({
      s1: 'unknown',
      s2: 'unknown',
    });
  });

  test('a record that names no frozen image', () => {
    expect(states({ records: [record('old', null, recorded(null, null))], chain: ['a'] })).toEqual({
      old: 'unknown',
    });
  });
});

test('an internal snapshot is good in the image that is or was active', () => {
  const inside = record('i', null, recorded('a', null, { kind: 'internal' }));
  expect(states({ records: [inside], chain: ['a', 'base'] })).toEqual({ i: 'good' });
  const over = record('s', 'i', recorded('a', 's'));
  expect(states({ records: [inside, over], chain: ['s', 'a', 'base'] })).toEqual({ i: 'good', s: 'good' });
});

test('a disk that the guest no longer has comes back with a revert', () => {
  const two = record('s1', null, recorded('base', 's1'), recorded('b', 'b1', { target: 'vdb' }));
  const seen = { records: [two], chain: ['s1', 'base'], aside: [aside('b', null)] };
  expect(states(seen)).toEqual({ s1: 'detached' });
});

test('where libvirt can’t revert to external snapshots, only the names of the images count', () => {
  const guest = guestWith(diskWith(chainOf('s2', 'base')), { records: linear });
  expect(Object.fromEntries(recordStates(guest))).toEqual({ s1: 'stale', s2: 'stale' });
  expect(
    Object.fromEntries(recordStates({ ...guest, disks: [diskWith(chainOf('s2', 's1', 'base'))] })),
  ).toEqual({
    s1: 'good',
    s2: 'good',
  });
  const left = { ...s2, disks: [...s2.disks, recorded('gone', null, { kind: 'none' })] };
  const chain = diskWith(chainOf('s2', 's1', 'base'));
  expect(recordStates({ ...guest, records: [left], disks: [chain] }).get('s2')).toBe('good');
});

test('a line ends at the first record, and at a parent that comes again', () => {
  expect(lineOf([s1, s2, s3], 's2')).toEqual([s2, s1]);
  expect(lineOf(linear, 's9')).toBeNull();
  const circle = [record('a', 'b'), record('b', 'a')];
  expect(lineOf(circle, 'a')).toEqual(circle);
});
