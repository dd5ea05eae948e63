import { describe, expect, test } from 'vitest';
import { type Capabilities, type MostLayers, NESTED } from '../fleet/capabilities.ts';
import type { Disk } from '../fleet/disk.ts';
import type { Guest, IoError } from '../fleet/guest.ts';
import type { RevertBasis } from '../fleet/revert-basis.ts';
import type { SnapshotRecord } from '../fleet/snapshot-record.ts';
import { problem } from '../problem.ts';
import { chainOf, deepChain, diskWith, FACTS, guestWith, imageAt, QCOW2 } from '../testing.ts';
import { findings, knownFindings } from './doctor.ts';
import type { ExaminedDisk, NamedBacking } from './examination.ts';

const HEALTHY: NamedBacking = {
  image: '/vm/active',
  name: '/vm/base',
  format: 'qcow2',
  path: '/vm/base',
  plain: '/vm/base',
  link: false,
  at: 'there',
  beginsAsQcow2: true,
  below: '/vm/base',
  isBelow: true,
};
const CHAIN = chainOf('/vm/active', '/vm/base');

interface Case {
  readonly disk?: Partial<Disk>;
  readonly examined?: Partial<ExaminedDisk>;
  readonly records?: readonly SnapshotRecord[];
  readonly capabilities?: Capabilities;
  readonly reverts?: RevertBasis;
  readonly ioError?: IoError;
  readonly state?: Guest['state'];
}

function found({
  disk = {},
  examined = {},
  records = [],
  capabilities = FACTS.capabilities,
  reverts,
  ioError,
  state = 'running',
}: Case) {
  const guest = guestWith(diskWith(CHAIN, disk), {
    records,
    reverts: reverts ?? null,
    ioError: ioError ?? null,
    state,
  });
  const target = 'vda';
  const seen = { target, definedOther: null, busy: false, backings: [HEALTHY], ...examined };
  return findings({ guest, capabilities, disks: [seen] });
}
const short = (given: Case) => found(given).map(({ code, severity }) => `${severity} ${code}`);
const header = (changes: Partial<NamedBacking>) =>
  short({ examined: { backings: [{ ...HEALTHY, ...changes }] } });

test('a chain on which all agree has nothing', () => {
  expect(found({})).toEqual([]);
});

describe('headers', () => {
  test.each([
    [{ format: null }, ['warn FORMAT_MISSING']],
    [{ format: 'raw' }, ['warn BACKING_SEEMS_QCOW2']],
    // A raw image is raw, whatever it contains.
    [{ format: 'raw', beginsAsQcow2: false }, []],
    [{ beginsAsQcow2: false }, ['bad BACKING_NOT_QCOW2']],
    [{ name: 'base' }, ['note BACKING_RELATIVE']],
    [{ name: '/vm/x/../base', path: '/vm/x/../base' }, ['note BACKING_INDIRECT']],
    [{ link: true }, ['note BACKING_INDIRECT']],
    [{ at: 'missing', plain: null, isBelow: true }, ['bad BACKING_DANGLING']],
    [{ at: 'missing', plain: null, isBelow: false }, ['bad BACKING_OTHER']],
    [{ isBelow: false }, ['bad BACKING_OTHER']],
    // A device or a file that may not be read says nothing of itself.
    [{ at: 'unreadable', beginsAsQcow2: false }, []],
    [{ name: 'nbd://host/x', path: null, plain: null, isBelow: null, at: 'unreadable' }, []],
  ] as const)('%j: %j', (changes, expected) => {
    expect(header(changes)).toEqual(expected);
  });
});

describe('the chain', () => {
  const withImages = (...images: ReturnType<typeof imageAt>[]) => ({ disk: { chain: { images } } });

  test('images that are missing come first, and say for themselves why the chain can’t be read', () => {
    const gone = { images: [imageAt('/vm/active'), imageAt('/vm/base', { missing: true })] };
    expect(
      short({ disk: { chain: gone, problem: problem('IMAGE_MISSING', { image: '/vm/base' }) } }),
    ).toEqual(['bad IMAGE_MISSING']);
    const reason = problem('CHAIN_UNREADABLE', { reason: 'denied' });
    expect(found({ disk: { problem: reason } })).toMatchObject([{ code: 'UNREADABLE', problem: reason }]);
  });

  test('a deep chain is flattened', () => {
    const deep = chainOf(...Array.from({ length: 12 }, (_, i) => `/vm/${i}`));
    expect(found({ disk: { chain: deep } })).toMatchObject([
      { code: 'DEEP', params: { depth: 12 }, fix: { kind: 'flatten', target: 'vda' } },
    ]);
    expect(short({ disk: { chain: { images: deep.images.slice(1) } } })).toEqual([]);
  });

  describe('depth, by what the host can take', () => {
    const at = (layers: number, mostLayers: MostLayers | null, changes: Partial<Capabilities> = {}) => ({
      disk: { chain: deepChain(layers) },
      capabilities: { ...FACTS.capabilities, mostLayers, upgradeTakesFewerLayers: false, ...changes },
    });

    test('too deep, nearly so, and just deep', () => {
      expect(short(at(21, NESTED))).toEqual(['warn DEEP']);
      expect(short(at(22, NESTED))).toEqual(['warn NEARLY_TOO_DEEP']);
      expect(short(at(25, NESTED))).toEqual(['warn NEARLY_TOO_DEEP']);
      expect(short(at(26, NESTED))).toEqual(['bad TOO_DEEP']);
      expect(short(at(26, null))).toEqual(['warn DEEP']);
      expect(found(at(26, NESTED))).toMatchObject([
        {
          params: {
            depth: 26,
            most: 25,
            state: 'breaks',
            command: 'qemu-img rebase -f qcow2 -F qcow2 -b /vm/25 /vm/0',
          },
          fix: { kind: 'flatten', target: 'vda' },
        },
      ]);
    });

    test('a guest that is off can’t be started for a flatten', () => {
      expect(found({ ...at(26, NESTED), state: 'shutoff' })).toMatchObject([
        { code: 'TOO_DEEP', severity: 'bad', params: { state: 'off' }, fix: null },
      ]);
    });

    test('what an upgrade of the host would kill', () => {
      const old = { ...FACTS.capabilities };
      const of = (layers: number) => short({ disk: { chain: deepChain(layers) }, capabilities: old });
      expect(of(25)).toEqual(['warn DEEP']);
      expect(of(26)).toEqual(['warn DEEP', 'note TOO_DEEP_FOR_UPGRADE']);
      expect(of(197)).toEqual(['warn NEARLY_TOO_DEEP', 'note TOO_DEEP_FOR_UPGRADE']);
      expect(of(201)).toEqual(['bad TOO_DEEP', 'note TOO_DEEP_FOR_UPGRADE']);
    });
  });

  test('sizes that differ are one finding, with which is longer', () => {
    const [a, b, c] = [imageAt('/a', { virtualSize: 3 }), imageAt('/b', { virtualSize: 2 }), imageAt('/c')];
    expect(found(withImages(a, b, c))).toMatchObject([
      {
        code: 'SIZES_DIFFER',
        severity: 'note',
        params: { image: 'a', below: 'b', size: 3, lower: 2, longer: 'true' },
      },
    ]);
  });

  test('what a header says of an image', () => {
    const special = imageAt('/a', {
      traits: { ...QCOW2, internalSnapshots: 2, dataFile: true, extendedL2: true },
    });
    expect(short(withImages(special, imageAt('/b')))).toEqual(['note INTERNAL_SNAPSHOTS', 'note DATA_FILE']);
    const capabilities = { ...FACTS.capabilities, extendedL2Aborts: true };
    expect(short({ ...withImages(special), capabilities })).toContain('note EXTENDED_L2');
    expect(short({ ...withImages(imageAt('/b'), special), capabilities })).not.toContain('note EXTENDED_L2');
  });
});

test('a job that no operation has is a finding, the job of an operation is not', () => {
  const job = { kind: 'copy', bandwidth: 0, cur: 9, end: 9, ready: true } as const;
  expect(short({ disk: { job } })).toEqual(['warn JOB_READY']);
  expect(short({ disk: { job: { ...job, ready: false } } })).toEqual(['warn JOB_UNKNOWN']);
  expect(short({ disk: { job }, examined: { busy: true } })).toEqual([]);
});

test('a guest that QEMU paused for an I/O error is resumed', () => {
  const disks = [{ target: 'vda', error: 'no-space' }] as const;
  expect(found({ ioError: { disks } })).toMatchObject([
    {
      code: 'PAUSED_IO_ERROR',
      severity: 'bad',
      params: { why: 'space', disks: 'vda', paths: '/vm/active', count: 1 },
      fix: { kind: 'plan', intent: { kind: 'resume' } },
    },
  ]);
  expect(found({ ioError: { disks: [] } })).toMatchObject([
    { params: { why: 'other', disks: 'none', paths: 'none', count: 0 } },
  ]);
});

test('all other findings need only what libvirt reports, without headers and definitions', () => {
  const job = { kind: 'copy', bandwidth: 0, cur: 9, end: 9, ready: true } as const;
  const images = [imageAt('/a'), imageAt('/b', { missing: true })];
  const guest = guestWith(diskWith({ images }, { job }), {});
  const codes = (busy: boolean) =>
    knownFindings(guest, FACTS.capabilities, () => busy).map(({ code }) => code);
  expect(codes(false)).toEqual(['IMAGE_MISSING', 'JOB_READY']);
  expect(codes(true)).toEqual(['IMAGE_MISSING']);
});

test('a definition that begins with another image is a danger', () => {
  expect(short({ examined: { definedOther: '/vm/base' } })).toEqual(['bad DEFINITION_OTHER']);
});

test('where libvirt reverts to snapshots, only what is useless and may go is proposed to be forgotten', () => {
  const record = (name: string, parent: string | null, frozen: string, overlay: string): SnapshotRecord => ({
    name,
    description: null,
    createdAt: 1,
    parent,
    disks: [{ target: 'vda', kind: 'external', frozen, overlay }],
  });
  const records = [
    record('moved', null, '/vm/base', '/vm/moved'),
    record('branch', 'moved', '/aside', '/gone too'),
    record('lost', 'moved', '/gone', '/gone too'),
    record('dark', 'moved', '/dark', '/gone too'),
    record('kept', 'moved', '/vm/base', '/gone too'),
  ];
  const aside = { backing: null, problem: null };
  const reverts: RevertBasis = {
    current: 'moved',
    aside: [
      { ...imageAt('/aside'), ...aside },
      { ...imageAt('/gone', { missing: true }), ...aside },
    ],
    writtenAt: { '/aside': 60_000, '/vm/base': 0 },
  };
  expect(found({ records, reverts })).toMatchObject([
    { code: 'RECORDS_MISSET', severity: 'bad', params: { names: 'moved' }, fix: null },
    { code: 'RECORDS_USELESS', severity: 'warn', fix: { intent: { kind: 'forget', names: ['lost'] } } },
    { code: 'RECORDS_WRITTEN', severity: 'warn', params: { names: 'branch' }, fix: null },
    { code: 'RECORDS_UNKNOWN', severity: 'note', params: { names: 'dark' }, fix: null },
    { code: 'RECORDS_REVERTIBLE', severity: 'note', params: { names: 'kept' }, fix: null },
  ]);
});

test('a deletion of a snapshot that was interrupted can be completed, once nothing runs', () => {
  const record = (name: string, parent: string | null, frozen: string, overlay: string, deleting?: true) => ({
    ...{ name, description: null, createdAt: 1, parent },
    disks: [{ target: 'vda', kind: 'external' as const, frozen, overlay, ...(deleting && { deleting }) }],
  });
  const reverts: RevertBasis = { current: 'two', aside: [], writtenAt: {} };
  const records = [
    record('one', null, '/vm/base', '/vm/mid', true),
    record('two', 'one', '/vm/mid', '/vm/active'),
  ];
  const disk = { chain: chainOf('/vm/active', '/vm/mid', '/vm/base') };
  const finding = {
    ...{ code: 'DELETION_UNFINISHED', severity: 'warn', params: { name: 'two' } },
    fix: { kind: 'plan', intent: { kind: 'delete-snapshot', name: 'two' } },
  };
  expect(found({ records, reverts, disk })).toContainEqual(expect.objectContaining(finding));
  const job = { kind: 'commit', bandwidth: 0, cur: 0, end: 9, ready: false } as const;
  const busy = found({ records, reverts, disk: { ...disk, job } });
  expect(busy.map(({ code }) => code)).not.toContain('DELETION_UNFINISHED');
});

test('records are forgotten: stale ones as a warning, others as a note', () => {
  const record = (name: string, frozen: string): SnapshotRecord => ({
    name,
    description: null,
    createdAt: 1,
    parent: null,
    disks: [{ target: 'vda', kind: 'external', frozen, overlay: '/vm/active' }],
  });
  expect(found({ records: [record('old', '/gone'), record('new', '/vm/base')] })).toMatchObject([
    { code: 'RECORDS_STALE', severity: 'warn', fix: { intent: { kind: 'forget', names: ['old'] } } },
    { code: 'RECORDS_KEPT', severity: 'note', fix: { intent: { kind: 'forget', names: ['new'] } } },
  ]);
});
