import { describe, expect, test } from 'vitest';
import type { GuestLocation } from '../../../model/fleet/guest-location.ts';
import { planForget } from '../../../model/plans/forget.ts';
import { chainOf, diskWith, FACTS, guestWith, REF } from '../../../model/testing.ts';
import { FakeHost, portsOf } from '../testing/fake-host.ts';
import { UNREACHED } from '../testing/unreached.ts';
import { NOTHING, nameOf } from '../testing/verdicts.ts';
import type { StepMemory } from '../verdict.ts';
import { judgeMigration, migrate, sampleOf } from './migrate.ts';

/** What is to be done, or the code of the failure. */
function verdict(
  here: GuestLocation,
  there: GuestLocation,
  memory: Partial<StepMemory> = {},
  runs = false,
): string {
  return nameOf(judgeMigration({ guest: 'g', host: 'h' }, { runs, here, there }, { ...NOTHING, ...memory }));
}

const ASKED = { intended: true };
const SEEN = { intended: true, seen: true };
const SETTLED = { ...SEEN, settled: true };

describe('before libvirt was asked', () => {
  test.each([
    ['here', 'gone', false, 'start'],
    ['here', 'stopped', false, 'GUEST_KNOWN_THERE'],
    ['here', 'here', false, 'GUEST_KNOWN_THERE'],
    ['gone', 'here', false, 'GUEST_KNOWN_THERE'],
    ['stopped', 'gone', false, 'MIGRATE_NOT_RUNNING'],
    ['here', 'gone', true, 'MIGRATION_RUNNING'],
    ['here', 'moving', true, 'MIGRATION_RUNNING'],
  ] as const)('%s and %s, a migration runs: %s: %s', (here, there, runs, expected) => {
    expect(verdict(here, there, {}, runs)).toBe(expected);
  });
});

test('a migration that runs is watched, whichever process began it', () => {
  for (const memory of [ASKED, SEEN, { ...SEEN, cancelling: true }]) {
    expect(verdict('here', 'moving', memory, true)).toBe('watch');
    expect(verdict('moving', 'moving', memory, true)).toBe('watch');
  }
});

describe('once the migration is over', () => {
  test.each([
    // Asked, and never seen: it may be about to run, or libvirt was never reached.
    ['here', 'gone', ASKED, 'settle'],
    ['here', 'gone', { ...ASKED, settled: true }, 'start'],
    ['here', 'gone', { ...ASKED, cancelling: true }, 'settle'],
    ['here', 'gone', { ...ASKED, cancelling: true, settled: true }, 'cancel'],
    // It came to nothing.
    ['here', 'gone', { ...SEEN, reason: 'no route' }, 'MIGRATION_FAILED'],
    ['here', 'gone', SEEN, 'settle'],
    ['here', 'gone', SETTLED, 'MIGRATION_LOST'],
    ['here', 'gone', { ...SEEN, cancelling: true, reason: 'canceled' }, 'cancel'],
    // What came in is about to be killed; only then is it clear that the guest stays.
    ['here', 'moving', { ...SEEN, reason: 'no route' }, 'settle'],
    ['here', 'moving', SETTLED, 'MIGRATION_IN_DOUBT'],
    // Regression: an overlay stayed where its migration was over before libvirt had forgotten what came in.
    ['here', 'stopped', { ...SEEN, reason: 'no route' }, 'settle'],
    ['here', 'stopped', { ...SETTLED, reason: 'no route' }, 'MIGRATION_FAILED'],
    ['here', 'stopped', { ...SEEN, cancelling: true, reason: 'canceled' }, 'settle'],
    ['here', 'stopped', { ...SETTLED, cancelling: true }, 'cancel'],
    // Over the switch.
    ['gone', 'here', SEEN, 'done'],
    ['gone', 'here', { ...SEEN, cancelling: true }, 'done'],
    ['gone', 'here', { ...SEEN, reason: 'the connection broke' }, 'done'],
    ['moving', 'here', SEEN, 'settle'],
    ['moving', 'here', SETTLED, 'MIGRATION_LEFT_BEHIND'],
    ['stopped', 'here', SEEN, 'settle'],
    ['stopped', 'here', SETTLED, 'finish'],
    ['gone', 'moving', SEEN, 'settle'],
    ['gone', 'moving', SETTLED, 'MIGRATION_IN_DOUBT'],
    // Nobody ever lets it run twice.
    ['here', 'here', SEEN, 'settle'],
    ['here', 'here', SETTLED, 'MIGRATION_IN_DOUBT'],
    ['moving', 'gone', SEEN, 'settle'],
    ['moving', 'gone', SETTLED, 'MIGRATION_PAUSED'],
    // It stopped meanwhile.
    ['stopped', 'gone', SEEN, 'settle'],
    ['stopped', 'gone', SETTLED, 'MIGRATION_STOPPED'],
    ['gone', 'gone', SETTLED, 'MIGRATION_STOPPED'],
    ['stopped', 'gone', { ...SEEN, cancelling: true }, 'cancel'],
  ] as const)('%s here, %s there, %j: %s', (here, there, memory, expected) => {
    expect(verdict(here, there, memory)).toBe(expected);
  });
});

test('regression: a migration of which QEMU had said nothing yet was shown with 0 B of 0 B', () => {
  const nothing = { remaining: 0, total: 0, dirtyRate: null, downtime: null };
  expect(sampleOf(nothing)).toBeNull();
  expect(sampleOf({ ...nothing, remaining: 30, total: 100 })).toMatchObject({ position: 70, size: 100 });
  expect(sampleOf(null)).toBeNull();
});

describe('a definition that a failed migration left at the destination', () => {
  const guest = guestWith(diskWith(chainOf('/a')));
  const step = {
    kind: 'migrate',
    hostId: 'alpha',
    to: 'beta',
    destinationUri: 'qemu+ssh://beta/system',
    migrateUri: null,
    disks: [{ target: 'vda', file: '/there/vda' }],
  } as const;
  const plan = { ...planForget(guest, { kind: 'forget', names: [] }, FACTS), steps: [step] };
  const asked: unknown[] = [];
  const isFailedCopy = async (...args: unknown[]) => asked.push(args) > 0;
  const migrations = { ...UNREACHED.migration.migrations, isFailedCopy };
  const hosts = { host: () => null, guestsOf: () => [], usersOf: () => new Map(), isLost: () => false };
  const host = portsOf(new FakeHost());
  const { leftover } = migrate(
    { ...UNREACHED, ...host, hosts, migration: { ...UNREACHED.migration, migrations } },
    plan,
    step,
  );

  test('goes where nothing was there before', async () => {
    const call = await leftover?.('failed', { intended: true, seen: false });
    expect(call?.command).toMatch(/^virsh .*undefine web-1 --keep-nvram$/);
    expect(asked).toEqual([[{ ...REF, hostId: 'beta' }, new Map([['vda', '/there/vda']])]]);
  });

  test('stays, unasked, where the migration was never begun', async () => {
    asked.length = 0;
    expect(await leftover?.('failed', { intended: false, seen: false })).toBeNull();
    expect(asked).toEqual([]);
  });
});
