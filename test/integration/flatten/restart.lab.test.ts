import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LabGuest } from '../../../lab/lab.ts';
import { until } from '../../../lab/process.ts';
import { virsh } from '../../../lab/virsh.ts';
import { lastSeenAt } from '../../../model/operation/operation.ts';
import { flattenTo } from '../../../model/testing.ts';
import { openStore } from '../../../server/store/store.ts';
import type { Doom } from '../../support/child.ts';
import { spawnDashboard } from '../../support/doomed.ts';
import type { FaultPoint } from '../../support/fault-point.ts';
import {
  alpha,
  contentOf,
  dashboardOn,
  folder,
  jobOf,
  OLD_MACHINE,
  pullable,
  SLOW,
} from '../../support/rig.ts';

test('a running pull is found again by the next dashboard, and followed to its end', async () => {
  const guest = await pullable('again-stop');
  const before = await contentOf(guest);
  const database = join((await folder()).path, 'db.sqlite');
  const first = await dashboardOn(database);
  const { id } = await first.flatten(guest, 3, { bandwidth: SLOW });
  await first.sampled(id);
  await first.stop();
  expect(await jobOf(guest)).toContain(`${SLOW} bytes/s`);

  const second = await dashboardOn(database);
  const progress = await second.sampled(id);
  expect(progress.grownBy).toBeGreaterThan(0);
  await second.engine.setSpeed(id, 0, 'tester');
  const operation = await second.reached(id, 'succeeded', 'failed');
  expect(operation).toMatchObject({ state: 'succeeded' });
  // Counted from before the first life started the pull.
  expect(operation.grownBy).toBeGreaterThanOrEqual(31 * 2 ** 20);
  expect(second.chain(guest)).toHaveLength(2);
  expect(await contentOf(guest)).toBe(before);
});

test('a running pull is found again after the dashboard was killed', async () => {
  const guest = await pullable('again-kill');
  const before = await contentOf(guest);
  const database = join((await folder()).path, 'db.sqlite');
  const doomed = spawnDashboard(slow(database, guest, null));
  await once(doomed.stdout, 'data');
  doomed.kill('SIGKILL');
  await once(doomed, 'exit');
  const { store, sampled, engine, reached } = await dashboardOn(database);
  const [operation] = await store.journal.list({ limit: 1 });
  const id = operation?.id ?? '';
  await sampled(id);
  expect(await jobOf(guest)).toContain(`${SLOW} bytes/s`);
  await engine.setSpeed(id, 0, 'tester');
  expect(await reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  expect(await contentOf(guest)).toBe(before);
});

test.each([
  // libvirt was never called: the pull is started once the journal is read.
  {
    death: 'before',
    point: 'after step-intended 0',
    kinds: ['step-intended', 'speed-set', 'step-intended', 'step-running'],
    adopted: false,
  },
  // libvirt was called, and nobody wrote that down: the job is found, not started twice.
  {
    death: 'after',
    point: 'before step-running 0',
    kinds: ['step-intended', 'speed-set', 'step-running'],
    adopted: true,
  },
] as const)(
  'a dashboard that dies $death it called libvirt is taken up rightly',
  async ({ death, point, kinds, adopted }) => {
    const guest = await pullable(`again-${death}`, OLD_MACHINE);
    const before = await contentOf(guest);
    const database = join((await folder()).path, 'db.sqlite');
    const doomed = spawnDashboard(slow(database, guest, point));
    await once(doomed, 'exit');
    expect(await jobOf(guest)).toContain(death === 'after' ? `${SLOW} bytes/s` : '');
    const left = await openStore(database);
    const [operation] = await left.journal.list({ limit: 1 });
    const id = operation?.id ?? '';
    // Somebody had asked for another limit during the call.
    const asked = { kind: 'speed-set', bandwidth: 2 * SLOW, actor: 'tester' } as const;
    await left.journal.append(id, [asked], Date.now());
    await left.close();
    const { store, sampled, engine, reached } = await dashboardOn(database);
    await sampled(id);
    await until('the limit', async () => (await jobOf(guest)).includes(`${asked.bandwidth} bytes/s`));
    await engine.setSpeed(id, 0, 'tester');
    expect(await reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
    const events = (await store.journal.entries(id)).map(({ event }) => event);
    expect(events.map(({ kind }) => kind)).toEqual([
      'created',
      'started',
      ...kinds,
      'speed-set',
      'step-flushing',
      'step-done',
      'ended',
    ]);
    expect(events.find(({ kind }) => kind === 'step-running')).toMatchObject({ adopted });
    expect(await contentOf(guest)).toBe(before);
  },
);

test('what succeeded while the dashboard was down is known afterwards', async () => {
  const guest = await pullable('again-done');
  const database = join((await folder()).path, 'db.sqlite');
  const first = await dashboardOn(database);
  const { id } = await first.flatten(guest, 3, { bandwidth: SLOW });
  await first.sampled(id);
  await first.stop();
  const left = Date.now();
  await virsh(alpha, 'blockjob', guest.uuid, 'vda', '--bandwidth', '0');
  await until('the end of the pull', async () => (await jobOf(guest)) === '');
  const ended = Date.now();
  const second = await dashboardOn(database);
  const operation = await second.reached(id, 'succeeded', 'failed');
  expect(operation).toMatchObject({ state: 'succeeded' });
  // When is known only as between.
  expect(lastSeenAt(operation)).toBeLessThanOrEqual(left);
  expect(operation.endedAt).toBeGreaterThanOrEqual(ended);
});

test('what was aborted while the dashboard was down is reported as lost, and can be started again', async () => {
  const guest = await pullable('again-lost');
  const database = join((await folder()).path, 'db.sqlite');
  const first = await dashboardOn(database);
  const { id } = await first.flatten(guest, 3, { bandwidth: SLOW });
  await first.sampled(id);
  await first.stop();
  await virsh(alpha, 'blockjob', guest.uuid, 'vda', '--abort');
  const second = await dashboardOn(database);
  expect(await second.reached(id, 'succeeded', 'failed')).toMatchObject({
    state: 'failed',
    problem: { code: 'JOB_LOST' },
  });
  const again = await second.flatten(guest, 3);
  expect(await second.reached(again.id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
});

test('what was queued is still queued, and what was asked to be cancelled is', async () => {
  const [one, two, three] = await Promise.all(
    ['again-q1', 'again-q2', 'again-q3'].map((name) => pullable(name)),
  );
  if (!one || !two || !three) throw new Error('Three guests are expected');
  const database = join((await folder()).path, 'db.sqlite');
  const first = await dashboardOn(database);
  const ids: string[] = [];
  for (const guest of [one, two, three]) ids.push((await first.flatten(guest, 3, { bandwidth: SLOW })).id);
  const [a = '', b = '', c = ''] = ids;
  await first.sampled(a);
  await first.sampled(b);
  await first.stop();
  const store = await openStore(database);
  await store.journal.append(a, [{ kind: 'cancel-asked', actor: 'tester' }], Date.now());
  await store.close();
  const second = await dashboardOn(database);
  expect(await second.reached(a, 'cancelled', 'failed', 'succeeded')).toMatchObject({ state: 'cancelled' });
  await second.sampled(c);
  for (const id of [b, c]) {
    await second.engine.setSpeed(id, 0, 'tester');
    expect(await second.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  }
});

/** A flatten of a `pullable` guest that lasts, by a dashboard that dies at this point. */
function slow(database: string, { uuid, disks }: LabGuest, point: FaultPoint | null): Doom {
  const intent = flattenTo(disks[0]?.images.at(-1) ?? '');
  return { uris: [alpha.uri], database, uuid, intent, bandwidth: SLOW, point };
}
