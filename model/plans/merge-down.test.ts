import { describe, expect, test } from 'vitest';
import { NO_DEPENDENTS } from '../fleet/dependents.ts';
import type { Image } from '../fleet/image.ts';
import { problem } from '../problem.ts';
import { chainOf, DISK_REF, diskWith, FACTS, freeSpaceOf, GIB, imageAt, QCOW2, REF } from '../testing.ts';
import { comesToLight, type MergeDownIntent, type MergeFacts, planMergeDown } from './merge-down.ts';

const chain = chainOf('/vm/active', '/vm/sn2', '/vm/sn1', '/vm/base');

function plan(
  top: string,
  base: string,
  facts: Partial<MergeFacts> = {},
  disk = diskWith(chain),
  forgetAfter = false,
) {
  const intent: MergeDownIntent = { kind: 'merge-down', target: 'vda', top, base, forgetAfter };
  return planMergeDown(REF, disk, intent, { ...FACTS, dependents: NO_DEPENDENTS, disks: [disk], ...facts });
}
const codes = (problems: readonly { code: string }[]) => problems.map(({ code }) => code);
/** The chain with one image changed. */
const withImage = (at: number, changes: Partial<Image>) =>
  diskWith({ images: chain.images.map((image, i) => (i === at ? { ...image, ...changes } : image)) });

test('a run below the active image is committed', () => {
  const made = plan('/vm/sn2', '/vm/sn1');
  expect(made.refusals).toEqual([]);
  expect(made.disks[0]?.merged).toEqual(['/vm/sn2']);
  expect(made.steps).toEqual([
    {
      kind: 'commit',
      hostId: 'alpha',
      target: 'vda',
      top: '/vm/sn2',
      base: '/vm/sn1',
      before: ['/vm/active', '/vm/sn2', '/vm/sn1', '/vm/base'],
      after: ['/vm/active', '/vm/sn1', '/vm/base'],
    },
  ]);
});

test('a run with the active image is an active commit, which pivots the guest to the base', () => {
  const made = plan('/vm/active', '/vm/sn1');
  expect(made.steps).toMatchObject([
    { kind: 'active-commit', base: '/vm/sn1', after: ['/vm/sn1', '/vm/base'] },
  ]);
  expect(made.disks[0]).toMatchObject({ merged: ['/vm/active', '/vm/sn2'] });
  expect(made.cost.into).toBe('sn1');
});

describe('refused', () => {
  test.each([
    ['/vm/sn1', '/vm/sn2', 'BASE_NOT_BELOW_TOP'],
    ['/vm/sn1', '/vm/sn1', 'BASE_NOT_BELOW_TOP'],
    ['/vm/other', '/vm/base', 'BASE_NOT_IN_CHAIN'],
    ['/vm/active', '/vm/other', 'BASE_NOT_IN_CHAIN'],
  ])('from %s into %s: %s', (top, base, code) => {
    expect(codes(plan(top, base).refusals)).toEqual([code]);
    expect(plan(top, base).steps).toEqual([]);
  });

  test.each([
    [diskWith(null), 'DISK_EMPTY'],
    [diskWith(chain, { readOnly: true }), 'READ_ONLY'],
    [diskWith(chain, { job: { kind: 'pull', bandwidth: 0, cur: 0, end: 0, ready: false } }), 'JOB_RUNNING'],
    [diskWith(chain, { problem: { code: 'IMAGE_MISSING', params: {} } }), 'IMAGE_MISSING'],
    [withImage(3, { missing: true }), 'BASE_GONE'],
    [withImage(3, { writeProtected: true }), 'WRITE_PROTECTED'],
  ])('a disk %#: %s', (disk, code) => {
    expect(codes(plan('/vm/sn1', '/vm/base', {}, disk).refusals)).toEqual([code]);
  });

  test('a guest that does not run', () => {
    expect(codes(plan('/vm/sn1', '/vm/base', { guestRuns: false }).refusals)).toEqual(['GUEST_NOT_RUNNING']);
  });

  test('images that others depend on, each with their names', () => {
    const user = { ...DISK_REF, uuid: 'other', guestName: 'web-2' };
    const dependents = {
      ...NO_DEPENDENTS,
      users: [
        { ...user, image: '/vm/base' },
        { ...user, guestName: 'web-3', target: 'vdb', image: '/vm/base' },
      ],
      records: [{ ...user, guestName: 'web-4', record: 'before', image: '/vm/sn1' }],
      overlays: [{ path: '/vm/old', image: '/vm/sn1' }],
    };
    expect(plan('/vm/sn1', '/vm/base', { dependents }).refusals).toEqual([
      { code: 'RECORD_WRITTEN', params: { image: '/vm/sn1', records: 'web-4: before' } },
      { code: 'BACKING_WRITTEN', params: { image: '/vm/sn1', files: '/vm/old' } },
      { code: 'SHARED_WRITTEN', params: { image: '/vm/base', guests: 'web-2 (vda), web-3 (vdb)' } },
    ]);
  });

  test('what an operation left behind that names an image, with the operation', () => {
    const left = { operationId: 'op', hostId: 'alpha', intent: 'flatten', guestName: 'web-1', at: 1 };
    const image = '/vm/sn1';
    const overlays = [
      { path: '/vm/other', image },
      { path: '/vm/old', image, left },
      { path: '/vm/older', image, left },
    ];
    expect(plan(image, '/vm/base', { dependents: { ...NO_DEPENDENTS, overlays } }).refusals).toEqual([
      { code: 'BACKING_WRITTEN', params: { image, files: '/vm/other' } },
      {
        code: 'LEFTOVER_DEPENDS',
        params: {
          image,
          files: '/vm/old, /vm/older',
          count: 2,
          operation: 'op',
          hostId: 'alpha',
          intent: 'flatten',
          guest: 'web-1',
        },
      },
    ]);
  });

  test('of many that depend on it, the first are named and the others counted', () => {
    const users = Array.from({ length: 8 }, (_, i) => ({
      ...DISK_REF,
      guestName: `web-${i}`,
      image: '/vm/base',
    }));
    const [refusal] = plan('/vm/sn1', '/vm/base', { dependents: { ...NO_DEPENDENTS, users } }).refusals;
    expect(refusal?.params.guests).toBe('web-0 (vda), web-1 (vda), web-2 (vda), web-3 (vda), web-4 (vda) +3');
  });

  test('internal snapshots in the run, not beside it', () => {
    const traits = { ...QCOW2, internalSnapshots: 1 };
    const found = [0, 1, 2, 3].map((at) =>
      codes(plan('/vm/sn2', '/vm/sn1', {}, withImage(at, { traits })).refusals),
    );
    expect(found).toEqual([[], ['MERGE_INTERNAL_SNAPSHOTS'], ['MERGE_INTERNAL_SNAPSHOTS'], []]);
  });

  test('encrypted data is not written into an image without encryption, but the other way round is fine', () => {
    const traits = { ...QCOW2, encrypted: true };
    expect(codes(plan('/vm/sn2', '/vm/sn1', {}, withImage(1, { traits })).refusals)).toEqual([
      'WOULD_DECRYPT',
    ]);
    expect(plan('/vm/sn2', '/vm/sn1', {}, withImage(2, { traits })).refusals).toEqual([]);
  });

  test('a base whose end would be exposed', () => {
    expect(codes(plan('/vm/sn1', '/vm/base', {}, withImage(2, { virtualSize: GIB / 2 })).refusals)).toEqual([
      'BASE_LONGER',
    ]);
  });
});

test.each([
  // The sizes of the image above the top, of the top and of the base.
  [2, 1, 2, true],
  [1, 1, 2, false],
  [2, 2, 1, false],
  [null, 1, 2, true],
  [null, 2, 2, false],
])('above %s, top %s, base %s: the end of the base is exposed: %s', (above, top, base, shows) => {
  const image = (virtualSize: number) => imageAt('/image', { virtualSize });
  expect(comesToLight(above === null ? null : image(above), image(top), image(base))).toBe(shows);
});

test('unknown sizes expose nothing', () => {
  const unknown = imageAt('/image', { virtualSize: null });
  expect(comesToLight(null, unknown, imageAt('/base'))).toBe(false);
  expect(comesToLight(null, imageAt('/top'), unknown)).toBe(false);
  expect(comesToLight(unknown, imageAt('/top', { virtualSize: 1 }), imageAt('/base'))).toBe(true);
});

test('a guest of a host that is not connected, which names the image by the same path, keeps it from being written', () => {
  const lost = [{ ...DISK_REF, hostId: 'beta', guestName: 'web-3', image: '/vm/base' }];
  expect(plan('/vm/sn1', '/vm/base', { dependents: { ...NO_DEPENDENTS, lost } }).refusals).toEqual([
    { code: 'USERS_ON_LOST_HOST', params: { image: '/vm/base', guests: 'web-3 (vda)' } },
  ]);
});

test('a guest that does not answer, and may use any image, keeps it from being written', () => {
  const dependents = { ...NO_DEPENDENTS, silent: ['web-3', 'web-4'] };
  expect(plan('/vm/sn1', '/vm/base', { dependents }).refusals).toEqual([
    { code: 'USERS_SILENT', params: { guests: 'web-3, web-4' } },
  ]);
});

describe('warned of', () => {
  test('free space, and what images are', () => {
    expect(codes(plan('/vm/sn1', '/vm/base', { freeSpace: freeSpaceOf(2 ** 20) }).warnings)).toEqual([
      'LITTLE_SPACE',
    ]);
    const unknown = withImage(2, { traits: { ...QCOW2, known: false } });
    expect(codes(plan('/vm/sn1', '/vm/base', {}, unknown).warnings)).toEqual(['NOT_INSPECTED']);
    expect(
      plan('/vm/sn2', '/vm/sn1', {}, withImage(0, { traits: { ...QCOW2, known: false } })).warnings,
    ).toEqual([]);
  });

  test('what could not be read', () => {
    const dependents = {
      ...NO_DEPENDENTS,
      unsure: [{ ...DISK_REF, guestName: 'web-2' }],
      elsewhere: [{ ...DISK_REF, hostId: 'beta', guestName: 'web-3' }],
      unread: [problem('POOL_UNREADABLE', { pool: 'old', host: 'alpha' })],
      onlyPools: true,
    };
    expect(plan('/vm/sn1', '/vm/base', { dependents }).warnings).toEqual([
      { code: 'USERS_UNKNOWN', params: { guests: 'web-2 (vda)' } },
      { code: 'USERS_ELSEWHERE', params: { guests: 'web-3 (vda)' } },
      { code: 'POOL_UNREADABLE', params: { pool: 'old', host: 'alpha' } },
      { code: 'ONLY_POOLS_READ', params: {} },
    ]);
  });
});

describe('records', () => {
  const record = (name: string, frozen: string, overlay: string) => ({
    name,
    description: null,
    createdAt: 0,
    parent: null,
    disks: [{ target: 'vda', kind: 'external', frozen, overlay } as const],
  });
  const records = [
    record('one', '/vm/base', '/vm/sn1'),
    record('two', '/vm/sn1', '/vm/sn2'),
    record('three', '/vm/sn2', '/vm/active'),
  ];

  test('that become stale are named, and forgotten if the intent says so', () => {
    expect(plan('/vm/sn2', '/vm/sn1', { records }).warnings.map(({ params }) => params.name)).toEqual([
      'two',
      'three',
    ]);
    const forgetting = plan('/vm/sn2', '/vm/sn1', { records }, diskWith(chain), true);
    expect(forgetting.warnings).toEqual([]);
    expect(forgetting.steps[1]).toEqual({ kind: 'forget', hostId: 'alpha', names: ['two', 'three'] });
  });

  test('that become stale are part of the fingerprint', () => {
    const before = plan('/vm/sn2', '/vm/sn1', {}, diskWith(chain), true);
    const after = plan('/vm/sn2', '/vm/sn1', { records }, diskWith(chain), true);
    expect(after.fingerprint).not.toBe(before.fingerprint);
  });
});
