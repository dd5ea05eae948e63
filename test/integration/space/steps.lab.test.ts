import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MiB } from '../../../lab/image.ts';
import { until } from '../../../lab/process.ts';
import { virsh } from '../../../lab/virsh.ts';
import type { Intent } from '../../../model/kinds/kinds.ts';
import {
  fill,
  guestOn,
  imageOf,
  opened,
  paused,
  RAN_OUT,
  standsStill,
  started,
  TINY,
  tiny,
} from '../../support/free-space.ts';
import { alpha, contentOf, guestFor, pullable, SLOW } from '../../support/rig.ts';

test.each(['pause', 'cancel'] as const)(
  'of several steps the one that has too little free space meets its own %s',
  async (onFull) => {
    const name = `space-steps-${onFull}`;
    // Of these MiB, from the base up, going into the third moves the least.
    const layers = [30, 8, 12, 1, 1].map((length, level) => ({
      file: level === 2 ? join(tiny, `${name}-${level}.qcow2`) : `${name}-${level}.qcow2`,
      writes: [
        { pattern: 16 + level, offset: ([0, 30, 38, 50, 51][level] ?? 0) * MiB, length: length * MiB },
      ],
    }));
    const guest = await guestFor({ name, disks: [{ layers, size: 64 * MiB }] });
    const { parts } = await opened();
    const before = await contentOf(guest);
    const intent: Intent = {
      kind: 'shorten',
      target: 'vda',
      goal: { kind: 'above', base: imageOf(guest, 4) },
      strategy: 'cheapest',
      pinned: [],
      forgetAfter: false,
    };
    const id = await started(parts, guest, { intent: () => intent, ground: TINY }, onFull);
    await until('the second step', async () =>
      parts.progress.some(
        ({ operationId, step, position }) => operationId === id && step === 1 && position > 0,
      ),
    );
    const free = await fill({ ...TINY, left: 5 * MiB });
    if (onFull === 'pause') {
      await paused(parts, id);
      expect((await parts.operation(id)).paused).toMatchObject({ step: 1, fileSystem: tiny });
      await standsStill(parts, id);
      await parts.engine.setSpeed(id, 0, 'tester');
      await free();
    }
    const end = onFull === 'pause' ? 'succeeded' : 'cancelled';
    expect(await parts.reached(id, 'succeeded', 'failed', 'cancelled')).toMatchObject({
      state: end,
      problem: onFull === 'pause' ? null : { code: RAN_OUT },
      steps: [{ state: 'done' }, { state: onFull === 'pause' ? 'done' : 'running' }],
    });
    expect(parts.chain(guest)).toEqual(
      (onFull === 'pause' ? [2, 4] : [2, 3, 4]).map((at) => imageOf(guest, at)),
    );
    expect(await contentOf(guest)).toBe(before);
  },
);

test('an operation whose free space went while it waited for its turn does not begin before there is some', async () => {
  const guest = await guestOn('space-queue', 'active', TINY);
  const others = await Promise.all([0, 1].map((i) => pullable(`space-queue-${i}`)));
  const { parts } = await opened();
  const before = await contentOf(guest);
  const busy: string[] = [];
  for (const other of others) busy.push((await parts.flatten(other, null, { bandwidth: SLOW })).id);
  for (const other of busy) await parts.sampled(other);
  const { id } = await parts.flatten(guest, null);
  expect((await parts.operation(id)).state).toBe('queued');
  const free = await fill({ ...TINY, left: MiB });
  await parts.engine.cancel(busy[0] ?? '', 'tester');
  await paused(parts, id);
  expect((await virsh(alpha, 'blockjob', guest.uuid, 'vda')).trim()).toBe('');
  expect((await parts.operation(id)).steps).toEqual([{ state: 'waiting' }]);
  await free();
  expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  expect(await contentOf(guest)).toBe(before);
});
