import { describe, expect, test } from 'vitest';
import { NO_DEPENDENTS } from '../../fleet/dependents.ts';
import { chainOf, DISK_REF, diskWith, FACTS, guestWith } from '../../testing.ts';
import {
  type BackingChange,
  planRewriteHeader,
  type RewriteHeaderFacts,
  type RewriteHeaderIntent,
} from './rewrite-header.ts';

const THERE = { at: 'there', beginsAsQcow2: true } as const;
const HEADER: BackingChange = {
  name: 'b',
  format: 'qcow2',
  now: THERE,
  wanted: THERE,
  same: true,
  loops: false,
};

interface Case {
  readonly intent?: Partial<RewriteHeaderIntent>;
  readonly header?: Partial<BackingChange> | null;
  readonly facts?: Partial<RewriteHeaderFacts>;
  readonly state?: 'running' | 'shutoff';
}

function plan({ intent = {}, header = {}, facts = {}, state = 'shutoff' }: Case) {
  const disk = diskWith(chainOf('/a', '/b'));
  return planRewriteHeader(
    guestWith(disk, { state }),
    disk,
    {
      kind: 'rewrite-header',
      target: 'vda',
      image: '/a',
      backing: '/b',
      format: 'qcow2',
      contentMayChange: false,
      ...intent,
    },
    {
      ...FACTS,
      local: true,
      dependents: NO_DEPENDENTS,
      savedState: false,
      header: header && { ...HEADER, ...header },
      ...facts,
    },
  );
}
const refused = (given: Case) => plan(given).refusals.map(({ code }) => code);
const warned = (given: Case) => plan(given).warnings.map(({ code }) => code);

test('the same file by another name changes nothing that is read', () => {
  const made = plan({});
  expect([made.refusals, made.warnings]).toEqual([[], []]);
  expect(made.steps).toMatchObject([
    { image: '/a', was: { name: 'b', format: 'qcow2' }, backing: { name: '/b', format: 'qcow2' } },
  ]);
  expect(made.disks[0]?.after).toEqual(made.disks[0]?.now);
});

test('a format that QEMU guesses so already changes nothing', () => {
  expect(refused({ header: { format: null } })).toEqual([]);
  expect(refused({ header: { format: null }, intent: { format: 'raw' } })).toEqual([
    'HEADER_CHANGES_CONTENT',
  ]);
});

describe('what is read from a chain that can be read', () => {
  const changing: readonly Case[] = [
    { header: { same: false } },
    { header: { format: 'raw' } },
    { intent: { format: 'raw' } },
  ];
  test.each(changing)('%j changes only if that is wanted', (given) => {
    expect(refused(given)).toEqual(['HEADER_CHANGES_CONTENT']);
    const wanted = { ...given, intent: { ...given.intent, contentMayChange: true } };
    expect(refused(wanted)).toEqual([]);
    expect(warned(wanted)).toEqual(['HEADER_CHANGED_CONTENT']);
  });
});

test('what is freed later of a chain that can’t be read is unknown', () => {
  const missing = { header: { now: { at: 'missing', beginsAsQcow2: false }, same: false } } as const;
  expect([refused(missing), warned(missing)]).toEqual([[], ['BACKING_UNVERIFIED']]);
  const raw = { at: 'there', beginsAsQcow2: false } as const;
  const wrong = { header: { now: raw, wanted: raw }, intent: { format: 'raw' } } as const;
  expect([refused(wrong), warned(wrong)]).toEqual([[], ['BACKING_UNVERIFIED']]);
});

test.each<[Case, string]>([
  [{ state: 'running' }, 'GUEST_RUNS'],
  [{ facts: { local: false } }, 'IMAGE_OUT_OF_REACH'],
  [{ facts: { savedState: true } }, 'SAVED_STATE'],
  [{ intent: { image: '/other' } }, 'CHAIN_CHANGED'],
  [{ header: null }, 'NO_BACKING_NAMED'],
  [{ intent: { backing: 'b' } }, 'BACKING_PATH_BAD'],
  [{ intent: { backing: '/x/../b' } }, 'BACKING_PATH_BAD'],
  [{ header: { name: '/b' } }, 'HEADER_SAME'],
  [{ header: { loops: true } }, 'BACKING_LOOP'],
  [{ header: { wanted: { at: 'missing', beginsAsQcow2: false } } }, 'BACKING_MISSING'],
  [{ header: { wanted: { at: 'unreadable', beginsAsQcow2: false } } }, 'BACKING_NOT_READ'],
  [{ header: { wanted: { at: 'there', beginsAsQcow2: false } } }, 'BACKING_NO_QCOW2'],
  [
    { facts: { dependents: { ...NO_DEPENDENTS, users: [{ ...DISK_REF, guestName: 'b', image: '/a' }] } } },
    'HEADER_SHARED',
  ],
  [{ facts: { dependents: { ...NO_DEPENDENTS, overlays: [{ path: '/o', image: '/a' }] } } }, 'HEADER_BACKS'],
])('%j is refused: %s', (given, code) => {
  expect(refused(given)).toEqual([code]);
});
