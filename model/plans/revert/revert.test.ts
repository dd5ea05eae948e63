import { describe, expect, test } from 'vitest';
import { NO_DEPENDENTS } from '../../fleet/dependents.ts';
import type { Destination } from '../../fleet/destination.ts';
import type { Guest } from '../../fleet/guest.ts';
import type { AsideImage, RevertBasis } from '../../fleet/revert-basis.ts';
import type { RecordedDisk, SnapshotRecord } from '../../fleet/snapshot-record.ts';
import { commandsOf } from '../../kinds/commands.ts';
import { chainOf, diskWith, FACTS, freeSpaceOf, GIB, guestWith, imageAt, REF } from '../../testing.ts';
import { planRevert, type RevertFacts, type RevertIntent } from './revert.ts';

const external = (target: string, frozen: string, overlay: string, more: Partial<RecordedDisk> = {}) => ({
  ...{ target, kind: 'external' as const, frozen, overlay },
  ...more,
});
const record = (name: string, parent: string | null, ...disks: readonly RecordedDisk[]): SnapshotRecord => ({
  ...{ name, description: null, createdAt: 1000, parent, disks },
});
const aside = (path: string, backing: string | null, changes: Partial<AsideImage> = {}): AsideImage => ({
  ...imageAt(path),
  ...{ backing, problem: null },
  ...changes,
});

/** base.qcow2 <- web.s1 <- web.s2, the active one, with a record of each snapshot. */
const records = [
  record('s1', null, external('vda', '/vm/base.qcow2', '/vm/web.s1')),
  record('s2', 's1', external('vda', '/vm/web.s1', '/vm/web.s2')),
];
const vda = diskWith(chainOf('/vm/web.s2', '/vm/web.s1', '/vm/base.qcow2'));
const reverts: RevertBasis = { current: 's2', aside: [], writtenAt: {} };
const line = (changes: Partial<Guest> = {}) => guestWith(vda, { records, reverts, ...changes });
const free: Destination = { at: 'nothing', folder: 'there', freeSpace: freeSpaceOf(GIB) };
const there = (...paths: readonly string[]) => new Map(paths.map((path) => [path, free]));
const facts: RevertFacts = {
  ...FACTS,
  dependents: [],
  destinations: there('/vm/web.kept.qcow2', '/vm/base.(time)', '/vm/web.(time)'),
};
const to = (name: string, keepAs: string | null = 'kept'): RevertIntent => ({ kind: 'revert', name, keepAs });
const plan = (intent: RevertIntent, guest = line(), changes: Partial<RevertFacts> = {}) =>
  planRevert(guest, intent, { ...facts, ...changes });
const codes = (...args: Parameters<typeof plan>) => plan(...args).refusals.map(({ code }) => code);
const warned = (...args: Parameters<typeof plan>) => plan(...args).warnings.map(({ code }) => code);

test('a running guest is stopped, its present is kept, and libvirt deletes only the empty overlay of that', () => {
  const made = plan(to('s1'));
  expect(made).toMatchObject({ wholeGuest: true, refusals: [], cost: { atMost: 2 * 200_704 } });
  expect(made.steps).toEqual([
    { kind: 'stop', hostId: 'alpha' },
    {
      kind: 'snapshot',
      hostId: 'alpha',
      name: 'kept',
      description: 'Before a revert to s1',
      quiesce: false,
      disks: [
        {
          target: 'vda',
          file: '/vm/web.kept.qcow2',
          before: ['/vm/web.s2', '/vm/web.s1', '/vm/base.qcow2'],
          after: ['/vm/web.kept.qcow2', '/vm/web.s2', '/vm/web.s1', '/vm/base.qcow2'],
        },
      ],
      others: [],
    },
    {
      kind: 'revert',
      hostId: 'alpha',
      name: 's1',
      from: 'kept',
      disks: [
        {
          target: 'vda',
          before: ['/vm/web.kept.qcow2', '/vm/web.s2', '/vm/web.s1', '/vm/base.qcow2'],
          below: ['/vm/base.qcow2'],
        },
      ],
      deleted: ['/vm/web.kept.qcow2'],
    },
  ]);
  const [disk] = made.disks;
  expect(disk?.now).toBe(vda.chain);
  expect(disk?.after.images.map(({ key }) => key)).toEqual(['/vm/base.(time)', '/vm/base.qcow2']);
  expect(made.warnings).toEqual([
    { code: 'REVERT_STOPS', params: { guest: 'web-1' } },
    { code: 'REVERT_DEFINITION', params: { name: 's1', kept: 'yes' } },
  ]);
  expect(commandsOf(made, 0)).toEqual([
    ['virsh destroy --graceful web-1'],
    [
      "virsh snapshot-create-as web-1 kept 'Before a revert to s1' --disk-only --atomic --diskspec vda,file=/vm/web.kept.qcow2",
    ],
    ['virsh snapshot-revert web-1 --snapshotname s1'],
  ]);
});

test('without keeping the present, what is deleted is named with its size; a guest that is off is not stopped', () => {
  const off = line({ state: 'shutoff' });
  const made = plan(to('s1', null), off);
  expect(made.steps).toMatchObject([{ kind: 'revert', from: 's2', deleted: ['/vm/web.s2'] }]);
  expect(made.refusals).toEqual([]);
  expect(made.warnings).toEqual([
    { code: 'REVERT_DELETES', params: { files: 'web.s2', count: 1, written: 2 ** 20 } },
    { code: 'REVERT_DEFINITION', params: { name: 's1', kept: 'no' } },
  ]);
});

test('after a revert, what the next one deletes is the overlay that it made', () => {
  const [s1, s2] = records;
  const again = record(
    's1',
    null,
    external('vda', '/vm/base.qcow2', '/vm/web.s1', { reverted: '/vm/base.9' }),
  );
  const branch = line({
    records: [again, s2 ?? s1 ?? again],
    disks: [diskWith(chainOf('/vm/base.9', '/vm/base.qcow2'))],
    reverts: { ...reverts, current: 's1', aside: [aside('/vm/web.s1', '/vm/base.qcow2')] },
  });
  const made = plan(to('s2', null), branch);
  expect(made.refusals).toEqual([]);
  expect(made.steps.at(-1)).toMatchObject({
    ...{ from: 's1', deleted: ['/vm/base.9'] },
    disks: [{ target: 'vda', below: ['/vm/web.s1', '/vm/base.qcow2'] }],
  });
});

describe('what libvirt can’t do, or should not, is refused', () => {
  test('where it reverts to no external snapshot', () => {
    expect(plan(to('s1'), line({ reverts: null })).refusals).toEqual([
      { code: 'REVERT_UNSUPPORTED', params: {} },
    ]);
  });

  test('a snapshot that is not there, inside an image, or with memory', () => {
    expect(codes(to('other'))).toEqual(['RECORD_UNKNOWN']);
    const inside = record('in', 's2', {
      ...external('vda', '/vm/web.s2', ''),
      kind: 'internal',
      overlay: null,
    });
    expect(codes(to('in'), line({ records: [...records, inside] }))).toEqual(['REVERT_INTERNAL']);
    const [s1, s2] = records.map((one) => ({ ...one, memory: true as const }));
    expect(codes(to('s1'), line({ records: [s1, s2].flatMap((one) => one ?? []) }))).toEqual([
      'REVERT_MEMORY',
    ]);
  });

  test('a snapshot whose images are missing, changed or unknown', () => {
    const [s1] = records;
    const of = (frozen: string, ...more: readonly AsideImage[]) =>
      line({
        records: [...records, record('b', 's1', external('vda', frozen, '/vm/x'))],
        reverts: { ...reverts, aside: more },
      });
    expect(plan(to('b'), of('/vm/b', aside('/vm/b', null, { missing: true }))).refusals).toEqual([
      { code: 'REVERT_USELESS', params: { name: 'b', image: '/vm/b' } },
    ]);
    expect(codes(to('b'), of('/vm/b'))).toEqual(['REVERT_UNKNOWN']);
    const written = { ...reverts, writtenAt: { '/vm/base.qcow2': 60_000 } };
    expect(codes(to(s1?.name ?? ''), line({ reverts: written }))).toEqual(['REVERT_WRITTEN']);
    const moved = { ...reverts, current: 's3', writtenAt: { '/vm/base.qcow2': 60_000 } };
    const s3 = record('s3', 's2', external('vda', '/vm/web.s2', '/vm/web.s3'));
    const committed = diskWith(chainOf('/vm/web.s3', '/vm/web.s2', '/vm/base.qcow2'));
    const after = line({ records: [...records, s3], reverts: moved, disks: [committed] });
    expect(codes(to('s1'), after)).toEqual(['REVERT_CHANGED']);
  });

  test('a revert that would delete another file, unless the present is kept', () => {
    const moved = line({
      disks: [diskWith(chainOf('/vm/moved.qcow2'))],
      reverts: { ...reverts, aside: [aside('/vm/web.s1', '/vm/base.qcow2'), aside('/vm/base.qcow2', null)] },
    });
    expect(codes(to('s1', null), moved)).toEqual(['REVERT_MISSET']);
    expect(codes(to('s1'), moved)).toEqual([]);
    expect(warned(to('s1'), moved)).toContain('REVERT_OLD_FILE');
    // libvirt's daemon would end.
    const none = line({ reverts: { ...reverts, current: null } });
    expect(codes(to('s1', null), none)).toEqual(['REVERT_MISSET']);
    expect(codes(to('s1'), none)).toEqual([]);
  });

  test('a revert that would delete an image that something else needs', () => {
    const image = imageAt('/vm/web.s2');
    const overlays = [{ path: '/vm/clone.qcow2', image: '/vm/web.s2' }];
    const used = { dependents: [[image, { ...NO_DEPENDENTS, overlays }] as const] };
    expect(plan(to('s1', null), line(), used).refusals).toEqual([
      { code: 'REVERT_DELETES_BACKING', params: { image: '/vm/web.s2', files: '/vm/clone.qcow2' } },
    ]);
    const own = [{ ...REF, guestName: 'web-1', target: 'vda', record: 's2', image: '/vm/web.s2' }];
    const itself = { dependents: [[image, { ...NO_DEPENDENTS, records: own }] as const] };
    expect(codes(to('s1', null), line(), itself)).toEqual([]);
    const odd = record('odd', 's1', external('vda', '/vm/web.s2', '/vm/x'));
    expect(codes(to('s1', null), line({ records: [...records, odd] }))).toEqual(['REVERT_DELETES_NEEDED']);
  });

  test('an image that the snapshot names as a volume, and a medium that is gone', () => {
    const changed = (change: Partial<SnapshotRecord>) =>
      line({ records: records.map((one) => ({ ...one, ...change })) });
    const volume =
      records.map(({ disks }) => disks.map((disk) => ({ ...disk, volume: true as const })))[0] ?? [];
    expect(codes(to('s1'), changed({ disks: volume }))).toEqual(['REVERT_VOLUME']);
    const media = [{ target: 'sda', image: '/iso/tools.iso' }];
    const gone = { ...reverts, aside: [aside('/iso/tools.iso', null, { missing: true })] };
    expect(codes(to('s1'), { ...changed({ media }), reverts: gone })).toEqual(['REVERT_USELESS']);
    const inserted = { ...reverts, aside: [aside('/iso/tools.iso', null)] };
    const { refusals, warnings, cost } = plan(to('s1'), { ...changed({ media }), reverts: inserted });
    expect(refusals).toEqual([]);
    expect(warnings).toContainEqual({
      code: 'REVERT_MEDIUM',
      params: { target: 'sda', image: '/iso/tools.iso' },
    });
    expect(cost.atMost).toBe(3 * 200_704);
  });

  test('a guest with a block job, a saved state, or no definition', () => {
    const busy = diskWith(vda.chain, { job: { kind: 'pull', bandwidth: 0, cur: 0, end: 9, ready: false } });
    expect(codes(to('s1'), line({ disks: [busy] }))).toEqual(['JOB_RUNNING']);
    expect(codes(to('s1'), line(), { savedState: true })).toEqual(['SAVED_STATE']);
    expect(codes(to('s1'), line(), { persistent: false })).toEqual(['REVERT_TRANSIENT']);
  });

  test('a name that is taken, and room that is not there', () => {
    expect(codes(to('s1', 's2'))).toContain('SNAPSHOT_NAME_TAKEN');
    const full = { ...free, freeSpace: freeSpaceOf(300_000) };
    const destinations = new Map([...facts.destinations.keys()].map((path) => [path, full]));
    expect(codes(to('s1'), line(), { destinations })).toContain('DESTINATION_FULL');
  });

  test('two new images of one name', () => {
    const both = [
      record(
        's1',
        null,
        external('vda', '/vm/base.qcow2', '/vm/a'),
        external('vdb', '/vm/base.raw', '/vm/b'),
      ),
    ];
    const disks = [
      diskWith(chainOf('/vm/a', '/vm/base.qcow2')),
      { ...diskWith(chainOf('/vm/b', '/vm/base.raw')), target: 'vdb' },
    ];
    const twins = line({ disks, records: both, reverts: { ...reverts, current: 's1' } });
    expect(plan(to('s1', null), twins).refusals).toEqual([
      { code: 'REVERT_SAME_NAME', params: { path: '/vm/base.(time)' } },
    ]);
  });
});

test('disks that somebody may not expect to go back are named', () => {
  const vdb = { ...diskWith(chainOf('/vm/data.raw')), target: 'vdb' };
  const vdc = { ...diskWith(chainOf('/vm/new.qcow2')), target: 'vdc' };
  const leftOut = { target: 'vdb', kind: 'none', frozen: '/vm/data.raw', overlay: null } as const;
  const lost = { target: 'vdd', kind: 'none', frozen: '/vm/lost.raw', overlay: null } as const;
  const guest = line({
    disks: [vda, vdb, vdc],
    records: records.map((one) => ({ ...one, disks: [...one.disks, leftOut, lost] })),
    reverts: { ...reverts, aside: [aside('/vm/lost.raw', null)] },
  });
  expect(warned(to('s1'), guest).filter((code) => /LEFT_OUT|ADDS|DROPS/.test(code))).toEqual([
    'REVERT_LEFT_OUT',
    'REVERT_ADDS_DISK',
    'REVERT_DROPS_DISK',
  ]);
});
