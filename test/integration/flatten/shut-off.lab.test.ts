import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { killDaemon, killQemu, startDaemon } from '../../../lab/faults.ts';
import { MiB } from '../../../lab/image.ts';
import { hostOf, type LabGuest, tinyOf } from '../../../lab/lab.ts';
import { virsh } from '../../../lab/virsh.ts';
import { writerSpec } from '../../../lab/writer.ts';
import { guestOf } from '../../../model/plans/plan.ts';
import { flattenTo } from '../../../model/testing.ts';
import { connect } from '../../../server/libvirt/index.ts';
import { type Dashboard, openDashboard } from '../../support/dashboard.ts';
import {
  alpha,
  beta,
  contentOf,
  dashboard,
  dashboardOn,
  folder,
  guestFor,
  lab,
  OLD_MACHINE,
  pullable,
  SLOW,
  unmeasured,
} from '../../support/rig.ts';

const off = { state: 'shut off' } as const;
const stateOf = async (guest: LabGuest) =>
  (await virsh(hostOf(lab, guest.host), 'domstate', guest.uuid)).trim();

/** A slow flatten of a guest that is up, paused, for nothing else. */
async function underWay({ flatten, sampled }: Dashboard, guest: LabGuest): Promise<string> {
  const { id } = await flatten(guest, 3, { bandwidth: SLOW });
  await sampled(id);
  expect(await stateOf(guest)).toBe('paused');
  return id;
}

test('a guest that is shut off is flattened, and is shut off afterwards with the same content', async () => {
  const guest = await pullable('off-flat', { ...off, ...OLD_MACHINE });
  const { flatten, reached, chain, guest: known, preview, broken, store } = await dashboard();
  const before = await contentOf(guest);
  const [active, , , base] = guest.disks[0]?.images ?? [];
  const plan = await preview(guest, flattenTo(base ?? ''));
  expect(plan.warnings.map(({ code }) => code)).toEqual(['STARTS_PAUSED']);
  const { id } = await flatten(guest, 3);
  const operation = await reached(id, 'succeeded', 'failed');
  expect(operation).toMatchObject({ state: 'succeeded', problem: null, steps: [{ state: 'done' }] });
  expect(operation.grownBy).toBeLessThanOrEqual(operation.plan.cost.atMost ?? 0);
  expect(await stateOf(guest)).toBe('shut off');
  expect(chain(guest)).toEqual([active, base]);
  expect(known(guest).state).toBe('shutoff');
  expect(await contentOf(guest)).toBe(before);
  const events = (await store.journal.entries(id)).map(({ event }) => event);
  const kinds = events.map(({ kind }) => kind);
  expect(kinds).not.toContain('step-warned');
  expect(kinds.filter((kind) => kind === 'step-flushing' || kind === 'step-finishing')).toEqual([
    'step-flushing',
    'step-finishing',
  ]);
  expect(events.find(({ kind }) => kind === 'step-finishing')).toMatchObject({
    call: expect.stringContaining(`destroy ${guest.name}`),
  });
  expect(broken).toEqual([]);
  await virsh(alpha, 'start', guest.uuid);
  expect(await contentOf(guest)).toBe(before);
});

test('it never runs an instruction: a guest that writes as soon as it runs has written nothing', async () => {
  const spec = writerSpec(lab.dir, { name: 'off-writer' });
  const guest = await guestFor({ ...spec, ...off });
  const { flatten, reached, chain } = await dashboard();
  const before = await contentOf(guest);
  const { id } = await flatten(guest, null);
  expect(await reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  expect(chain(guest)).toHaveLength(1);
  expect(await contentOf(guest)).toBe(before);
  expect(await readFile(guest.serial ?? '', 'utf8')).toBe('');
});

test('a cancel in the middle leaves it shut off with the chain as it was', async () => {
  const guest = await pullable('off-cancel', off);
  const parts = await dashboard();
  const before = await contentOf(guest);
  const images = parts.chain(guest);
  const id = await underWay(parts, guest);
  await parts.engine.cancel(id, 'tester');
  expect(await parts.reached(id, 'cancelled', 'failed', 'succeeded')).toMatchObject({ state: 'cancelled' });
  expect(await stateOf(guest)).toBe('shut off');
  expect(
    (await parts.ports.freshGuests.guest(parts.diskOf(guest))).disks[0]?.chain?.images.map(({ key }) => key),
  ).toEqual(images);
  expect(await contentOf(guest)).toBe(before);
});

test('a dashboard that stops in the middle has it shut off by libvirt, and the next one ends what was begun', async () => {
  const guest = await pullable('off-again', off);
  const before = await contentOf(guest);
  const database = join((await folder()).path, 'db.sqlite');
  const first = await dashboardOn(database);
  const id = await underWay(first, guest);
  await first.stop();
  const second = await dashboardOn(database);
  await second.sampled(id);
  await second.engine.setSpeed(id, 0, 'tester');
  expect(await second.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  expect(await stateOf(guest)).toBe('shut off');
  expect(second.chain(guest)).toHaveLength(2);
  expect(await contentOf(guest)).toBe(before);
});

test('a libvirtd that is killed leaves it running, and the operation succeeds', async () => {
  const guest = await pullable('off-daemon', { ...off, host: 'beta' });
  const parts = await dashboard(beta);
  const before = await contentOf(guest);
  const id = await underWay(parts, guest);
  await killDaemon(lab, beta);
  await startDaemon(lab, beta);
  await parts.engine.setSpeed(id, 0, 'tester').catch(() => undefined);
  await expect.poll(() => parts.fleet.hosts()[0]?.state, { timeout: 30_000 }).toBe('connected');
  await parts.engine.setSpeed(id, 0, 'tester');
  expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  expect(await stateOf(guest)).toBe('shut off');
  expect(parts.chain(guest)).toHaveLength(2);
  expect(await contentOf(guest)).toBe(before);
});

test('libvirtd and the dashboard both gone in the middle: the next one finds it by its mark', async () => {
  const guest = await pullable('off-both', { ...off, host: 'beta' });
  const before = await contentOf(guest);
  const database = join((await folder()).path, 'db.sqlite');
  const first = await dashboardOn(database, beta);
  const id = await underWay(first, guest);
  await killDaemon(lab, beta);
  await first.stop();
  await startDaemon(lab, beta);
  expect(await stateOf(guest)).toBe('paused');
  const second = await dashboardOn(database, beta);
  await second.sampled(id);
  await second.engine.setSpeed(id, 0, 'tester');
  expect(await second.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  expect(await stateOf(guest)).toBe('shut off');
  expect(await contentOf(guest)).toBe(before);
});

test.each([
  ['destroyed', async (guest: LabGuest) => void (await virsh(alpha, 'destroy', guest.uuid))],
  ['killed', (guest: LabGuest) => killQemu(lab, guest)],
])('%s by somebody else in the middle, it stays so', async (how, end) => {
  const guest = await pullable(`off-${how}`, off);
  const parts = await dashboard();
  const before = await contentOf(guest);
  const id = await underWay(parts, guest);
  await end(guest);
  expect(await parts.reached(id, 'failed', 'succeeded')).toMatchObject({
    problem: { code: 'GUEST_STOPPED' },
  });
  expect(await stateOf(guest)).toBe('shut off');
  expect(await contentOf(guest)).toBe(before);
  const again = await parts.flatten(guest, 3);
  expect(await parts.reached(again.id, 'failed', 'succeeded')).toMatchObject({ state: 'succeeded' });
  expect(await contentOf(guest)).toBe(before);
});

test('resumed by somebody in the middle, it is left running, and its pull succeeds', async () => {
  const guest = await pullable('off-resumed', off);
  const parts = await dashboard();
  const before = await contentOf(guest);
  const id = await underWay(parts, guest);
  await virsh(alpha, 'resume', guest.uuid);
  await parts.engine.setSpeed(id, 0, 'tester');
  expect(await parts.reached(id, 'failed', 'succeeded')).toMatchObject({
    state: 'failed',
    problem: { code: 'GUEST_RESUMED' },
  });
  expect(await stateOf(guest)).toBe('running');
  expect(parts.chain(guest)).toHaveLength(2);
  expect(await contentOf(guest)).toBe(before);
});

test('started by somebody since the plan was made, nothing is done', async () => {
  const guest = await pullable('off-started', off);
  const { preview, engine, chain, store } = await dashboard();
  const intent = flattenTo(chain(guest)[3] ?? '');
  const plan = await preview(guest, intent);
  const { fingerprint } = plan;
  const ref = guestOf(plan);
  await virsh(alpha, 'start', guest.uuid);
  const start = engine.start({ guest: ref, intent, fingerprint, bandwidth: 0, actor: 'tester' });
  await expect(start).rejects.toMatchObject({ problem: { code: 'CHAIN_CHANGED' } });
  expect(await store.journal.list({ limit: 10 })).toEqual([]);
});

test('memory that libvirt keeps for the next start is not used up: refused', async () => {
  const guest = await pullable('off-saved');
  await virsh(alpha, 'managedsave', guest.uuid);
  onTestFinished(async () => void (await virsh(alpha, 'managedsave-remove', guest.uuid)));
  const { preview, flatten } = await dashboard();
  expect((await preview(guest, flattenTo(null))).refusals).toEqual([
    { code: 'SAVED_STATE', params: { guest: guest.name } },
  ]);
  await expect(flatten(guest, null)).rejects.toMatchObject({ problem: { code: 'SAVED_STATE' } });
  expect(await virsh(alpha, 'list', '--all', '--with-managed-save', '--uuid')).toContain(guest.uuid);
});

test('a full file system fails it with the reason, and it is shut off again', async () => {
  const layers = [
    { file: 'off-full-0.qcow2', writes: [{ pattern: 3, offset: 0, length: 40 * MiB }] },
    { file: 'off-full-1.qcow2', writes: [{ pattern: 4, offset: 40 * MiB, length: MiB }] },
    { file: join(tinyOf(lab), 'off-full.qcow2') },
  ];
  const guest = await guestFor({ name: 'off-full', ...off, disks: [{ layers, size: 64 * MiB }] });
  const before = await contentOf(guest);
  const measuring = await dashboard();
  await expect(measuring.flatten(guest, null)).rejects.toMatchObject({ problem: { code: 'NO_SPACE' } });
  expect(await stateOf(guest)).toBe('shut off');
  const { flatten, reached } = await unmeasured();
  const { id } = await flatten(guest, null);
  expect(await reached(id, 'failed', 'succeeded')).toMatchObject({
    state: 'failed',
    problem: { code: 'PULL_FAILED', params: { reason: 'No space left on device' } },
  });
  expect(await stateOf(guest)).toBe('shut off');
  expect(await contentOf(guest)).toBe(before);
});

test('a guest that can’t be started is reported with libvirt’s error, and nothing changed', async () => {
  const disks = [
    { layers: 3, size: 16 * MiB },
    { target: 'vdb', layers: [{ file: 'off-lost.qcow2' }], size: 16 * MiB },
  ];
  const guest = await guestFor({ name: 'off-lost', ...off, disks });
  const { flatten, reached } = await dashboard();
  const before = await contentOf(guest);
  const lost = guest.disks[1]?.images[0] ?? '';
  await virsh(alpha, 'vol-delete', '--pool', 'default', 'off-lost.qcow2').catch(async () => {
    await virsh(alpha, 'pool-refresh', 'default');
    await virsh(alpha, 'vol-delete', lost);
  });
  const { id } = await flatten(guest, null);
  const operation = await reached(id, 'failed', 'succeeded');
  expect(operation).toMatchObject({ problem: { code: 'SHUT_OFF_PULL_REFUSED' } });
  expect(operation.problem?.params.reason).toContain('No such file');
  expect(await stateOf(guest)).toBe('shut off');
  expect(await contentOf(guest)).toBe(before);
});

test('on a host whose files are unreachable, and with a disk that is a volume', async () => {
  const guest = await guestFor({
    name: 'off-far',
    ...off,
    disks: [{ layers: 3, size: 16 * MiB, pool: 'default' }],
  });
  const parts = await openDashboard({
    uris: ['qemu+ssh://elsewhere/session'],
    database: join((await folder()).path, 'db.sqlite'),
    connectTo: (_uri, options) => connect(alpha.uri, options),
  });
  onTestFinished(parts.stop);
  const before = await contentOf(guest);
  const { id } = await parts.flatten(guest, null);
  expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded', problem: null });
  expect(await stateOf(guest)).toBe('shut off');
  expect(parts.chain(guest)).toHaveLength(1);
  expect(await contentOf(guest)).toBe(before);
});
