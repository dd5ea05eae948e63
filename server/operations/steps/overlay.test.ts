import { expect, test } from 'vitest';
import type { GuestLocation } from '../../../model/fleet/guest-location.ts';
import { planFlatten } from '../../../model/plans/flatten.ts';
import { chainOf, diskWith, FACTS, flattenTo, REF } from '../../../model/testing.ts';
import { FakeHost, portsOf } from '../testing/fake-host.ts';
import { UNREACHED } from '../testing/unreached.ts';
import { NOTHING, nameOf } from '../testing/verdicts.ts';
import { judgeOverlay, overlay } from './overlay.ts';

test.each([
  ['none', {}, 'start'],
  // A daemon that an earlier process asked may still be at it.
  ['none', { intended: true }, 'settle'],
  ['none', { intended: true, settled: true }, 'start'],
  ['none', { intended: true, cancelling: true }, 'cancel'],
  // What is there before anybody asked for it is somebody else's.
  ['untouched', {}, 'DESTINATION_EXISTS'],
  ['untouched', { intended: true }, 'done'],
  ['untouched', { intended: true, cancelling: true }, 'cancel'],
  ['other', {}, 'DESTINATION_EXISTS'],
  ['other', { intended: true, seen: true }, 'DESTINATION_EXISTS'],
] as const)('%s, %j: %s', (state, memory, expected) => {
  const verdict = judgeOverlay('/there', state, { ...NOTHING, ...memory });
  expect(nameOf(verdict)).toBe(expected);
});

test.each([
  // Regression: a migration that came to nothing left its overlay where the dashboard had not yet heard that the guest is gone there.
  ['the guest, gone since', 'gone', REF.uuid, true],
  ['the guest, which is still there', 'moving', REF.uuid, false],
  ['another guest', 'gone', 'another', false],
] as const)('an overlay that is used by %s', async (_user, guestLocation: GuestLocation, uuid, isRemoved) => {
  const plan = planFlatten(REF, diskWith(chainOf('/a', '/b')), flattenTo(null), FACTS);
  const { migration } = UNREACHED;
  const user = { hostId: 'beta', uuid, guestName: 'web-1', target: 'vda' };
  const ports = {
    ...UNREACHED,
    ...portsOf(new FakeHost()),
    hosts: {
      host: () => null,
      guestsOf: () => [],
      usersOf: () => new Map([['/there', [user]]]),
      isLost: () => false,
    },
    migration: {
      ...migration,
      migrations: { ...migration.migrations, guestLocation: async () => guestLocation },
      overlays: { ...migration.overlays, stateOf: async () => 'untouched' as const },
    },
  };
  const backing = { path: '/a', format: 'qcow2' };
  const step = {
    kind: 'overlay',
    hostId: 'beta',
    target: 'vda',
    file: '/there',
    backing,
    virtualSize: 1,
  } as const;
  const leftover = await overlay(ports, plan, step).leftover?.('done', { intended: true, seen: true });
  expect(leftover?.command ?? null).toEqual(isRemoved ? expect.stringContaining('vol-delete /there') : null);
});
