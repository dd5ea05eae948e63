import { expect, test } from 'vitest';
import { MiB } from '../../../lab/image.ts';
import { until } from '../../../lab/process.ts';
import { virsh } from '../../../lab/virsh.ts';
import {
  eventsOf,
  fill,
  freeAt,
  guestOn,
  opened,
  PULL,
  paused,
  standsStill,
  started,
  TINY,
  tiny,
} from '../../support/free-space.ts';
import { alpha, contentOf } from '../../support/rig.ts';

test('a restarted dashboard keeps an operation paused, whatever speed QEMU keeps to by then, and resumes it when there is free space', async () => {
  const guest = await guestOn('space-restart', 'active', TINY);
  const { parts, again } = await opened();
  const before = await contentOf(guest);
  const id = await started(parts, guest, PULL, 'pause');
  const free = await fill(TINY);
  await paused(parts, id);
  const next = await parts.stop().then(again);
  expect((await next.operation(id)).paused).toMatchObject({ fileSystem: tiny });
  await next.sampled(id);
  await standsStill(next, id);
  const third = await next.stop().then(again);
  // Somebody sets another speed with virsh: what is paused stays paused.
  await virsh(alpha, 'blockjob', guest.uuid, 'vda', '--bytes', '--bandwidth', '4096');
  await third.sampled(id);
  const keepsTo = () => virsh(alpha, 'blockjob', guest.uuid, 'vda', '--raw', '--bytes');
  await until('the least speed again', async () => (await keepsTo()).includes('bandwidth=1\n'));
  await standsStill(third, id);
  // Slowly: what the pull writes between two measurements counts as others' writes, and at full speed it would pause again.
  await third.engine.setSpeed(id, MiB, 'tester');
  await free();
  expect(await third.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  const kinds = (await eventsOf(third, id)).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'step-paused' || kind === 'step-resumed')).toEqual([
    'step-paused',
    'step-resumed',
  ]);
  expect(await contentOf(guest)).toBe(before);
});

test('what ran on while no dashboard watched, and somebody filled the file system, is paused by the next one', async () => {
  const guest = await guestOn('space-unwatched', 'active', TINY);
  const { parts, again } = await opened();
  const before = await contentOf(guest);
  const id = await started(parts, guest, PULL, 'pause');
  await parts.stop();
  const free = await fill({ ...TINY, left: 5 * MiB });
  const next = await again();
  await paused(next, id);
  await standsStill(next, id);
  expect(await freeAt(tiny)).toBeGreaterThan(0);
  // Somebody lets it use the reserve; what is left is too little even so, and it pauses again.
  await next.engine.resumePaused(id, 'bob');
  await until(
    'a pause that spares nothing',
    async () => (await next.operation(id)).paused?.neededWithReserve === null,
  );
  await standsStill(next, id);
  expect(await freeAt(tiny)).toBeGreaterThan(0);
  await free();
  await next.engine.setSpeed(id, 0, 'tester');
  expect(await next.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  expect(await contentOf(guest)).toBe(before);
});

test('what waits for free space takes from the reserve once somebody says so, and succeeds where that is enough', async () => {
  const guest = await guestOn('space-anyway', 'active', TINY);
  // All is reserve but what the work may take until it pauses.
  const { parts, again } = await opened(6.5 * MiB);
  const before = await contentOf(guest);
  const id = await started(parts, guest, { ...PULL, ground: TINY }, 'pause');
  const copied = async () => (await parts.sampled(id)).grownBy ?? 0;
  await until('most of it', async () => (await copied()) >= 14 * MiB);
  await fill({ ...TINY, left: 6 * MiB });
  await paused(parts, id);
  const next = await parts.stop().then(again);
  await next.engine.resumePaused(id, 'bob');
  expect(await next.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded', paused: null });
  expect((await eventsOf(next, id)).map(({ kind }) => kind)).toContain('resume-asked');
  expect(await contentOf(guest)).toBe(before);
  expect(next.broken).toEqual([]);
});
