import { describe, expect, test } from 'vitest';
import { NO_DEPENDENTS } from '../../fleet/dependents.ts';
import type { Guest } from '../../fleet/guest.ts';
import type { AsideImage, RevertBasis } from '../../fleet/revert-basis.ts';
import type { RecordedDisk, SnapshotRecord } from '../../fleet/snapshot-record.ts';
import { commandsOf } from '../../kinds/commands.ts';
import { chainOf, diskWith, FACTS, guestWith, imageAt, REF } from '../../testing.ts';
import { type DeleteSnapshotFacts, planDeleteSnapshot } from './delete-snapshot.ts';

const external = (frozen: string, overlay: string, more: Partial<RecordedDisk> = {}): RecordedDisk => ({
  ...{ target: 'vda', kind: 'external', frozen, overlay },
  ...more,
});
const record = (name: string, parent: string | null, ...disks: readonly RecordedDisk[]): SnapshotRecord => ({
  ...{ name, description: null, createdAt: 1000, parent, disks },
});
const aside = (path: string, backing: string | null): AsideImage => ({
  ...imageAt(path),
  ...{ backing, problem: null },
});

/** base <- s1 <- s2, the active one, with a record of each snapshot. */
const [s1, s2] = [record('s1', null, external('/base', '/s1')), record('s2', 's1', external('/s1', '/s2'))];
const vda = diskWith(chainOf('/s2', '/s1', '/base'));
const reverts: RevertBasis = { current: 's2', aside: [], writtenAt: {} };
const line = (changes: Partial<Guest> = {}) => guestWith(vda, { records: [s1, s2], reverts, ...changes });
const facts: DeleteSnapshotFacts = { ...FACTS, freeSpaces: new Map(), dependents: [] };
const plan = (name: string, guest = line(), changes: Partial<DeleteSnapshotFacts> = {}) =>
  planDeleteSnapshot(guest, { kind: 'delete-snapshot', name }, { ...facts, ...changes });
const codes = (...args: Parameters<typeof plan>) => plan(...args).refusals.map(({ code }) => code);

test('a snapshot in the line merges into what it froze, and libvirt deletes its overlay', () => {
  const made = plan('s1');
  expect(made).toMatchObject({ refusals: [], wholeGuest: true, cost: { into: 'base' } });
  expect(made.steps).toEqual([
    {
      ...{ kind: 'delete-snapshot', hostId: 'alpha', name: 's1', deleted: ['/s1'] },
      merges: [{ target: 'vda', before: ['/s2', '/s1', '/base'], after: ['/s2', '/base'] }],
    },
  ]);
  expect(made.disks[0]).toMatchObject({
    merged: ['/s1'],
    after: { images: [{ key: '/s2' }, { key: '/base' }] },
  });
  expect(commandsOf(made, 0)).toEqual([['virsh snapshot-delete web-1 --snapshotname s1']]);
  expect(plan('s2').steps).toMatchObject([{ deleted: ['/s2'], merges: [{ after: ['/s1', '/base'] }] }]);
});

test('the end of a branch is dropped, with a warning', () => {
  const branch = record('b', 's1', external('/b', '/gone'));
  const guest = line({ records: [s1, s2, branch], reverts: { ...reverts, aside: [aside('/b', '/base')] } });
  const made = plan('b', guest);
  expect(made).toMatchObject({ refusals: [], disks: [] });
  expect(made.steps).toMatchObject([{ deleted: ['/b'], merges: [] }]);
  expect(made.warnings).toEqual([
    { code: 'DELETE_SNAPSHOT_DROPS', params: { name: 'b', files: 'b', count: 1 } },
  ]);
});

describe('what would leave another snapshot wrong is refused', () => {
  test('where libvirt can’t, or the snapshot is none that it can delete', () => {
    expect(codes('s1', line({ reverts: null }))).toEqual(['DELETE_SNAPSHOT_UNSUPPORTED']);
    expect(codes('other')).toEqual(['RECORD_UNKNOWN']);
    const inside = record('in', 's2', { ...external('/s2', ''), kind: 'internal', overlay: null });
    expect(codes('in', line({ records: [s1, s2, inside] }))).toEqual(['DELETE_SNAPSHOT_INTERNAL']);
    const pulled = diskWith(chainOf('/s2'));
    const left = { ...reverts, aside: [aside('/s1', '/base'), aside('/base', null)] };
    expect(codes('s1', line({ disks: [pulled], reverts: left }))).toEqual(['DELETE_SNAPSHOT_CHANGED']);
  });

  test('a snapshot under several, or under others on a branch', () => {
    const twig = record('b', 's1', external('/b', '/c'));
    const leaf = record('c', 'b', external('/c', '/gone'));
    const images = [aside('/c', '/b'), aside('/b', '/base')];
    const guest = line({ records: [s1, s2, twig, leaf], reverts: { ...reverts, aside: images } });
    expect(plan('s1', guest).refusals).toEqual([
      { code: 'DELETE_SNAPSHOT_BRANCHED', params: { name: 's1', names: 's2, b' } },
    ]);
    expect(codes('b', guest)).toEqual(['DELETE_SNAPSHOT_BELOW']);
    expect(codes('c', guest)).toEqual([]);
    // s1 would be the current one, and it names the image of the branch.
    const moved = { ...guest, disks: [diskWith(chainOf('/s2', '/new', '/base'))] };
    const after = record('s2', 's1', external('/new', '/s2'));
    expect(codes('s2', { ...moved, records: [s1, after, twig, leaf] })).toEqual([
      'DELETE_SNAPSHOT_LEAVES_WRONG',
    ]);
  });

  test('regression: libvirt deleted an image that a snapshot which left the disk out needs', () => {
    const data = (kind: RecordedDisk['kind'], frozen: string, overlay: string | null): RecordedDisk => ({
      ...{ target: 'vdb', kind, frozen, overlay },
    });
    const vdb = { ...diskWith(chainOf('/d2', '/d')), target: 'vdb' };
    const before = record('a', 's1', external('/a', '/b'), data('none', '/d1', null));
    const leaf = record('b', 'a', external('/b', '/gone'), data('external', '/d1', '/d-gone'));
    const images = [aside('/b', '/a'), aside('/a', '/base'), aside('/d1', '/d')];
    const guest = line({
      disks: [vda, vdb],
      records: [s1, s2, before, leaf],
      reverts: { ...reverts, aside: images },
    });
    expect(plan('b', guest).refusals).toEqual([{ code: 'DELETE_SNAPSHOT_NEEDED', params: { names: 'a' } }]);
  });

  test('images that others use; a job, a saved state, and a chain too deep to start', () => {
    const found = { ...NO_DEPENDENTS, overlays: [{ path: '/clone', image: '/base' }] };
    const images = [imageAt('/s1'), imageAt('/base')];
    expect(codes('s1', line(), { dependents: [{ images, found }] })).toEqual(['BACKING_WRITTEN']);
    const own = ['s1', 's2'].map((name) => ({
      ...REF,
      guestName: 'web-1',
      target: 'vda',
      record: name,
      image: '/base',
    }));
    const itself = { ...NO_DEPENDENTS, records: own };
    expect(codes('s1', line(), { dependents: [{ images, found: itself }] })).toEqual([]);
    expect(codes('s1', line(), { savedState: true })).toEqual(['SAVED_STATE']);
    const job = { kind: 'pull', bandwidth: 0, cur: 0, end: 9, ready: false } as const;
    expect(codes('s1', line({ disks: [diskWith(vda.chain, { job })] }))).toEqual(['JOB_RUNNING']);
  });
});

test('a deletion that was interrupted can be ended by the same deletion, and only then the one before it begun', () => {
  const marked = record('s1', null, external('/base', '/s1', { deleting: true }));
  const interrupted = line({ records: [marked, s2] });
  expect(codes('s2', interrupted)).toEqual([]);
  expect(plan('s1', interrupted).refusals).toEqual([
    { code: 'DELETE_SNAPSHOT_UNFINISHED', params: { name: 's1', other: 's2' } },
  ]);
});

test('a snapshot that may be changed can be deleted, and one that left the chain keeps what it is backed by', () => {
  const written = { ...reverts, writtenAt: { '/base': 60_000 } };
  expect(codes('s1', line({ reverts: written }))).toEqual([]);
  const [s3, s4] = [record('s3', 's2', external('/s2', '/s3')), record('s4', 's3', external('/s3', '/s4'))];
  const pulled = line({
    records: [s1, s2, s3, s4],
    disks: [diskWith(chainOf('/s4', '/s1', '/base'))],
    reverts: { ...reverts, current: 's4', aside: [aside('/s3', '/s2'), aside('/s2', '/s1')] },
  });
  expect(plan('s1', pulled).refusals).toEqual([
    { code: 'DELETE_SNAPSHOT_NEEDED', params: { names: 's3, s4' } },
  ]);
});
