import { stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { MiB } from '../../../lab/image.ts';
import type { LabGuest } from '../../../lab/lab.ts';
import { virsh } from '../../../lab/virsh.ts';
import type { Intent } from '../../../model/kinds/kinds.ts';
import { flattenTo } from '../../../model/testing.ts';
import {
  eventsOf,
  fill,
  freeAt,
  guestOn,
  imageOf,
  LARGE,
  moved,
  opened,
  PULL,
  paused,
  RAN_OUT,
  standsStill,
  started,
  TINY,
  type Work,
} from '../../support/free-space.ts';
import { alpha, contentOf } from '../../support/rig.ts';

interface Case extends Work {
  readonly name: string;
  readonly on: 'active' | 'base' | 'none';
  readonly layers: number;
}

const merging =
  (top: number) =>
  (guest: LabGuest): Intent => ({
    kind: 'merge-down',
    target: 'vda',
    top: imageOf(guest, top),
    base: imageOf(guest, 2),
    forgetAfter: false,
  });

const CASES: readonly Case[] = [
  { ground: TINY, name: 'pull', on: 'active', intent: () => flattenTo(null), layers: 1 },
  { ground: TINY, name: 'commit', on: 'base', intent: merging(1), layers: 2 },
  { ground: LARGE, name: 'active-commit', on: 'base', intent: merging(0), layers: 1 },
  {
    ground: LARGE,
    name: 'copy',
    on: 'none',
    intent: (guest) => ({ kind: 'move', target: 'vda', file: moved(guest, LARGE), strategy: 'copy' }),
    layers: 1,
  },
];

test.each(CASES)(
  'a $name is paused before somebody fills its file system, and resumes when there is free space',
  async (one) => {
    const guest = await guestOn(`space-${one.name}`, one.on, one.ground);
    guest.files.push(moved(guest, one.ground));
    const { parts } = await opened(one.ground === LARGE ? 300 * MiB : undefined);
    const before = await contentOf(guest);
    const id = await started(parts, guest, one, 'pause');
    const free = await fill(one.ground);
    await paused(parts, id);
    await standsStill(parts, id, one.ground);
    // A new speed is for later.
    await parts.engine.setSpeed(id, 64 * MiB, 'tester');
    await standsStill(parts, id, one.ground);
    expect(await freeAt(one.ground.fileSystem)).toBeGreaterThan(0);
    expect((await virsh(alpha, 'domstate', guest.uuid)).trim()).toBe('running');
    // Its locks keep anybody else from reading while a commit runs.
    if (!one.name.includes('commit')) expect(await contentOf(guest)).toBe(before);
    await free();
    expect(await parts.reached(id, 'succeeded', 'failed', 'cancelled')).toMatchObject({
      state: 'succeeded',
      bandwidth: 64 * MiB,
      paused: null,
    });
    const events = await eventsOf(parts, id);
    expect(events.find(({ kind }) => kind === 'step-paused')).toMatchObject({
      pause: { step: 0, fileSystem: one.ground.fileSystem },
      call: expect.stringContaining('--bytes --bandwidth 1'),
    });
    expect(events.find(({ kind }) => kind === 'step-resumed')).toMatchObject({
      step: 0,
      fileSystem: one.ground.fileSystem,
    });
    expect(parts.chain(guest)).toHaveLength(one.layers);
    expect(await contentOf(guest)).toBe(before);
    expect(parts.broken).toEqual([]);
  },
);

test.each(CASES)(
  'a $name that is to be cancelled is, with the figures, before the file system is full',
  async (one) => {
    const guest = await guestOn(`space-cancel-${one.name}`, one.on, one.ground);
    const { parts } = await opened(one.ground === LARGE ? 300 * MiB : undefined);
    const before = await contentOf(guest);
    const id = await started(parts, guest, one, 'cancel');
    await fill(one.ground);
    expect(await parts.reached(id, 'succeeded', 'failed', 'cancelled')).toMatchObject({
      state: 'cancelled',
      problem: { code: RAN_OUT, params: { fileSystem: one.ground.fileSystem } },
    });
    expect(await freeAt(one.ground.fileSystem)).toBeGreaterThan(0);
    expect((await eventsOf(parts, id)).map(({ kind }) => kind)).not.toContain('cancel-asked');
    expect(parts.chain(guest)).toHaveLength(3);
    if (one.name === 'copy')
      await expect(stat(moved(guest, one.ground))).rejects.toMatchObject({ code: 'ENOENT' });
    expect((await virsh(alpha, 'domstate', guest.uuid)).trim()).toBe('running');
    expect(await contentOf(guest)).toBe(before);
    expect(parts.broken).toEqual([]);
  },
);

test('what is paused can be cancelled', async () => {
  const guest = await guestOn('space-paused-cancel', 'active', TINY);
  const { parts } = await opened();
  const before = await contentOf(guest);
  const id = await started(parts, guest, PULL, 'pause');
  await fill(TINY);
  await paused(parts, id);
  await parts.engine.cancel(id, 'tester');
  expect(await parts.reached(id, 'succeeded', 'failed', 'cancelled')).toMatchObject({
    state: 'cancelled',
    problem: null,
    paused: null,
  });
  expect(await contentOf(guest)).toBe(before);
});
