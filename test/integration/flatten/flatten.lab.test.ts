import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { deepest } from '../../../lab/deepest.ts';
import { type LayerSpec, MiB } from '../../../lab/image.ts';
import type { LabGuest } from '../../../lab/lab.ts';
import { liveChains } from '../../../lab/live-chain.ts';
import { until } from '../../../lab/process.ts';
import { virsh } from '../../../lab/virsh.ts';
import { flattenTo } from '../../../model/testing.ts';
import { connect } from '../../../server/libvirt/index.ts';
import { type Dashboard, openDashboard } from '../../support/dashboard.ts';
import {
  alpha,
  contentOf,
  dashboard,
  folder,
  guestFor,
  jobOf,
  lab,
  pullable,
  SLOW,
} from '../../support/rig.ts';

test('A1: a full flatten leaves the active image alone, and the guest reads the same', async () => {
  const guest = await pullable('flat-full');
  const { reached, flatten, chain, broken, store, fleet } = await dashboard();
  const before = await contentOf(guest);
  const { id } = await flatten(guest, null);
  const operation = await reached(id, 'succeeded', 'failed');
  const durable = fleet.hosts()[0]?.capabilities.pullIsDurable;
  expect(operation).toMatchObject({ state: 'succeeded', problem: null, steps: [{ state: 'done' }] });
  const active = guest.disks[0]?.images[0];
  expect(await liveChains(lab, guest)).toEqual([{ target: 'vda', images: [active] }]);
  expect(chain(guest)).toEqual([active]);
  expect(await contentOf(guest)).toBe(before);
  expect(operation.grownBy).toBeGreaterThanOrEqual(33 * 2 ** 20);
  expect(operation.grownBy).toBeLessThanOrEqual(operation.plan.cost.atMost ?? 0);
  const { predicted } = operation.plan.cost;
  expect(predicted).toMatchObject({ basis: 'tables', least: predicted?.most });
  expect(Math.abs((operation.grownBy ?? 0) - (predicted?.likely ?? 0))).toBeLessThan(65536);
  expect((await store.journal.entries(id)).map(({ event }) => event.kind)).toEqual([
    'created',
    'started',
    'step-intended',
    'step-running',
    ...(durable ? [] : ['step-flushing']),
    'step-done',
    'ended',
  ]);
  expect(broken).toEqual([]);
});

test('A2: a flatten toward a base keeps it, and merges only what is between', async () => {
  const guest = await pullable('flat-part');
  const { reached, flatten, chain } = await dashboard();
  const before = await contentOf(guest);
  const { id } = await flatten(guest, 3);
  expect(await reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  const [active, , , base] = guest.disks[0]?.images ?? [];
  expect(await liveChains(lab, guest)).toEqual([{ target: 'vda', images: [active, base] }]);
  expect(chain(guest)).toEqual([active, base]);
  expect(await contentOf(guest)).toBe(before);
});

test('regression: two pulls that ended at once killed their guest, so its disks take turns', async () => {
  const disks = ['vda', 'vdb'].map((target) => ({ target, layers: 3, size: 64 * 2 ** 20 }));
  const guest = await guestFor({ name: 'flat-both', disks });
  const { reached, flatten, chain } = await dashboard();
  const before = [await contentOf(guest, 'vda'), await contentOf(guest, 'vdb')];
  const [one, two] = [await flatten(guest, null), await flatten(guest, null, { target: 'vdb' })];
  const first = await reached(one.id, 'succeeded', 'failed');
  const second = await reached(two.id, 'succeeded', 'failed');
  expect([first.state, second.state]).toEqual(['succeeded', 'succeeded']);
  expect(second.startedAt).toBeGreaterThanOrEqual(first.endedAt ?? Number.POSITIVE_INFINITY);
  expect([chain(guest), chain(guest, 'vdb')].map(({ length }) => length)).toEqual([1, 1]);
  expect([await contentOf(guest, 'vda'), await contentOf(guest, 'vdb')]).toEqual(before);
});

test('regression: a job that somebody else started on another disk was not waited for', async () => {
  const disks = ['vda', 'vdb'].map((target) => {
    const base = { file: `beside-${target}.qcow2`, writes: [{ pattern: 7, offset: 0, length: 24 * MiB }] };
    return { target, layers: [base, { file: `beside-${target}-top.qcow2` }], size: 64 * MiB };
  });
  const guest = await guestFor({ name: 'flat-beside', disks });
  const { reached, flatten, preview, engine, operation, store } = await dashboard();
  const before = [await contentOf(guest, 'vda'), await contentOf(guest, 'vdb')];
  await virsh(alpha, 'blockpull', guest.uuid, 'vdb', '--bytes', '--bandwidth', String(SLOW / 2));
  const beside = { target: 'vdb', job: 'pull' };
  expect((await preview(guest, flattenTo(null))).warnings).toContainEqual({
    code: 'OTHER_JOB_RUNNING',
    params: beside,
  });
  const waiting = async () => {
    const { id } = await flatten(guest, null);
    await until('the operation to wait', async () => (await operation(id)).waitsFor !== undefined);
    expect((await operation(id)).waitsFor).toEqual(beside);
    expect(await jobOf(guest)).toBe('');
    return id;
  };
  const first = await waiting();
  await engine.cancel(first, 'tester');
  expect(await reached(first, 'cancelled', 'succeeded', 'failed')).toMatchObject({ state: 'cancelled' });
  const second = await waiting();
  expect(await jobOf(guest, 'vdb')).not.toBe('');
  await virsh(alpha, 'blockjob', guest.uuid, 'vdb', '--bandwidth', '0');
  const done = await reached(second, 'succeeded', 'failed');
  expect(done).toMatchObject({ state: 'succeeded', waitsFor: null });
  const kinds = (await store.journal.entries(second)).map(({ event }) => event.kind);
  expect(kinds.filter((kind) => kind === 'step-waits')).toHaveLength(1);
  expect([await contentOf(guest, 'vda'), await contentOf(guest, 'vdb')]).toEqual(before);
});

test('regression: a speed limit counts the holes of a raw base too, and the time left did not', async () => {
  const [size, limit] = [64 * MiB, 8 * MiB];
  const layers: LayerSpec[] = [
    { file: 'flat-holes.raw', format: 'raw', writes: [{ pattern: 1, offset: 0, length: MiB }] },
    { file: 'flat-holes.qcow2' },
  ];
  const guest = await guestFor({ name: 'flat-holes', disks: [{ layers, size }] });
  const { preview, reached, flatten, progress, sampled } = await dashboard();
  const before = await contentOf(guest);
  const { cost } = await preview(guest, flattenTo(null));
  expect(cost.predicted).toMatchObject({ limited: size });
  expect(cost.predicted?.likely).toBeLessThan(2 * MiB);
  const { id } = await flatten(guest, null, { bandwidth: limit });
  await sampled(id);
  const { startedAt, endedAt, state } = await reached(id, 'succeeded', 'failed');
  expect(state).toBe('succeeded');
  // What QEMU really does: were holes not counted, it would be over in a moment.
  expect((endedAt ?? 0) - (startedAt ?? 0)).toBeGreaterThan((size / limit / 2) * 1000);
  const work = progress.flatMap((sample) => sample.work ?? []);
  expect(work.length).toBeGreaterThan(2);
  for (const one of work) expect(one).toMatchObject({ total: size, withZeros: true });
  expect(await contentOf(guest)).toBe(before);
});

test('a paused guest is flattened too', async () => {
  const guest = await pullable('flat-paused', { state: 'paused' });
  const { reached, flatten, chain } = await dashboard();
  const before = await contentOf(guest);
  const { id } = await flatten(guest, 2);
  expect(await reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  expect(chain(guest)).toHaveLength(3);
  expect(await contentOf(guest)).toBe(before);
});

test('two operations run on a host, the third waits for its turn', async () => {
  const guests = await Promise.all(['flat-q1', 'flat-q2', 'flat-q3'].map((name) => pullable(name)));
  const { reached, flatten, sampled, engine, operation } = await dashboard();
  const before = await Promise.all(guests.map((guest) => contentOf(guest)));
  const [first = '', second = '', third = ''] = await startAll(guests, flatten);
  await Promise.all([sampled(first), sampled(second)]);
  expect((await operation(third)).state).toBe('queued');
  await engine.setSpeed(first, 0, 'tester');
  expect(await reached(first, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  await sampled(third);
  expect((await operation(second)).state).toBe('running');
  await Promise.all([second, third].map((id) => engine.setSpeed(id, 0, 'tester')));
  for (const id of [second, third]) {
    expect(await reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  }
  expect(await Promise.all(guests.map((guest) => contentOf(guest)))).toEqual(before);
});

test('progress is reported in bytes that grow, with a rate near the limit', async () => {
  const guest = await pullable('flat-rate');
  const { reached, flatten, progress, engine } = await dashboard();
  // As slow as any machine can be.
  const { id } = await flatten(guest, null, { bandwidth: 2 * MiB });
  await until('some samples', async () => progress.length > 8);
  const rate = progress.at(-1)?.rate;
  expect(rate).toBeGreaterThan(MiB / 2);
  expect(rate).toBeLessThan(8 * MiB);
  await engine.setSpeed(id, 0, 'tester');
  await reached(id, 'succeeded', 'failed');
  const copied = progress.map((sample) => sample.grownBy ?? -1);
  expect(copied.toSorted((a, b) => a - b)).toEqual(copied);
  expect(new Set(progress.map(({ size }) => size))).toContain(128 * 2 ** 20);
  expect(engine.progress()).toEqual([]);
});

test('the speed is changed while it runs, in QEMU and in the journal', async () => {
  const guest = await pullable('flat-speed');
  const { reached, flatten, sampled, engine } = await dashboard();
  const { id } = await flatten(guest, 3, { bandwidth: SLOW });
  await sampled(id);
  expect(await jobOf(guest)).toContain(`${SLOW} bytes/s`);
  await engine.setSpeed(id, 3 * 2 ** 20, 'tester');
  expect(await jobOf(guest)).toContain(`${3 * 2 ** 20} bytes/s`);
  await engine.setSpeed(id, 0, 'tester');
  expect(await reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded', bandwidth: 0 });
});

test('a cancelled pull leaves the chain as it was, and can be started again', async () => {
  const guest = await pullable('flat-cancel');
  const { reached, flatten, sampled, engine, chain } = await dashboard();
  const before = await contentOf(guest);
  const images = chain(guest);
  const { id } = await flatten(guest, 3, { bandwidth: SLOW });
  await sampled(id);
  await engine.cancel(id, 'tester');
  expect(await reached(id, 'succeeded', 'failed', 'cancelled')).toMatchObject({
    state: 'cancelled',
    problem: null,
  });
  expect(await jobOf(guest)).toBe('');
  expect(chain(guest)).toEqual(images);
  expect(await contentOf(guest)).toBe(before);
  const again = await flatten(guest, 3);
  expect(await reached(again.id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  expect(await contentOf(guest)).toBe(before);
});

test('an operation cancelled in the queue never reaches libvirt', async () => {
  const guests = await Promise.all(['flat-c1', 'flat-c2', 'flat-c3'].map((name) => pullable(name)));
  const { reached, flatten, sampled, engine, store } = await dashboard();
  const [first = '', second = '', third = ''] = await startAll(guests, flatten);
  await Promise.all([sampled(first), sampled(second)]);
  await engine.cancel(third, 'tester');
  expect(await reached(third, 'cancelled', 'failed')).toMatchObject({ state: 'cancelled', startedAt: null });
  expect((await store.journal.entries(third)).map(({ event }) => event.kind)).toEqual([
    'created',
    'cancel-asked',
    'ended',
  ]);
  await Promise.all([first, second].map((id) => engine.cancel(id, 'tester')));
  await Promise.all([first, second].map((id) => reached(id, 'cancelled')));
});

test('a guest on a host whose files are unreachable is flattened, with the virtual size as the upper bound', async () => {
  const guest = await pullable('flat-far');
  await virsh(alpha, 'pool-refresh', 'default');
  const { path } = await folder();
  const parts = await openDashboard({
    uris: ['qemu+ssh://elsewhere/session'],
    database: join(path, 'db.sqlite'),
    connectTo: (_uri, options) => connect(alpha.uri, options),
  });
  onTestFinished(parts.stop);
  const before = await contentOf(guest);
  const { id } = await parts.flatten(guest, null, { bandwidth: 32 * 2 ** 20 });
  expect((await parts.sampled(id)).size).toBe(128 * 2 ** 20);
  const operation = await parts.reached(id, 'succeeded', 'failed');
  expect(operation).toMatchObject({ state: 'succeeded' });
  expect(operation.plan.cost.atMost).toBeGreaterThanOrEqual(128 * 2 ** 20);
  expect(operation.grownBy).toBeGreaterThanOrEqual(33 * 2 ** 20);
  expect(operation.grownBy).toBeLessThanOrEqual(36 * 2 ** 20);
  expect(await contentOf(guest)).toBe(before);
});

test('as many layers as the host takes flatten in one go', async () => {
  const layers = await deepest();
  const guest = await guestFor({ name: 'flat-deep', disks: [{ layers, size: 128 * 2 ** 20 }] });
  const { reached, flatten, chain } = await dashboard();
  const before = await contentOf(guest);
  expect(chain(guest)).toHaveLength(layers);
  const { id } = await flatten(guest, null);
  expect(await reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  expect(chain(guest)).toHaveLength(1);
  expect(await contentOf(guest)).toBe(before);
});

test('the guest may be named by anything: the command of the plan does the same', async () => {
  const guest = await guestFor({
    name: 'flat cmd "ü" & 名',
    disks: [{ layers: ['a b.qcow2', `it's "2" & <3>.qcow2`, 'ü 名.qcow2'].map((file) => ({ file })) }],
  });
  const { preview, chain, reached, flatten } = await dashboard();
  const plan = await preview(guest, flattenTo(chain(guest)[2] ?? ''));
  expect(plan.refusals).toEqual([]);
  const { id } = await flatten(guest, 2);
  expect(await reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  expect(await virsh(alpha, 'domblklist', guest.uuid)).toContain('ü 名.qcow2');
});

/** Slow operations, started one after the other. */
async function startAll(guests: readonly LabGuest[], flatten: Dashboard['flatten']): Promise<string[]> {
  const ids: string[] = [];
  for (const guest of guests) ids.push((await flatten(guest, 3, { bandwidth: SLOW })).id);
  return ids;
}
