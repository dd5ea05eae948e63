import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { digest } from '../../../lab/content.ts';
import { freezeQemu, killDaemon, killQemu, startDaemon, thawQemu } from '../../../lab/faults.ts';
import { MiB } from '../../../lab/image.ts';
import { type LabGuest, tinyOf } from '../../../lab/lab.ts';
import { until } from '../../../lab/process.ts';
import { run } from '../../../lab/run.ts';
import { virsh } from '../../../lab/virsh.ts';
import { verifyWriter, waitForWrites } from '../../../lab/writer.ts';
import { guestOf } from '../../../model/plans/plan.ts';
import { flattenTo } from '../../../model/testing.ts';
import type { Dashboard } from '../../support/dashboard.ts';
import {
  alpha,
  beta,
  contentOf,
  dashboard,
  guestFor,
  jobOf,
  lab,
  pullable,
  SLOW,
  unmeasured,
  writer,
} from '../../support/rig.ts';

const activeOf = (guest: LabGuest) => guest.disks[0]?.images[0] ?? '';

/** A slow pull that QEMU is at. */
async function underWay({ flatten, sampled }: Dashboard, guest: LabGuest): Promise<string> {
  const { id } = await flatten(guest, 3, { bandwidth: SLOW });
  await sampled(id);
  return id;
}

test('a chain that somebody else changed between plan and start is left alone', async () => {
  const guest = await pullable('fault-changed');
  const { preview, engine, chain, store } = await dashboard();
  const before = await contentOf(guest);
  const intent = flattenTo(chain(guest)[2] ?? '');
  const plan = await preview(guest, intent);
  const { fingerprint } = plan;
  const ref = guestOf(plan);
  await virsh(alpha, 'blockpull', guest.uuid, 'vda', '--base', chain(guest)[3] ?? '', '--wait');
  const start = engine.start({ guest: ref, intent, fingerprint, bandwidth: 0, actor: 'tester' });
  await expect(start).rejects.toMatchObject({ problem: { code: 'CHAIN_CHANGED' } });
  const kept = engine.start({ guest: ref, intent: flattenTo(null), fingerprint, bandwidth: 0, actor: 'x' });
  await expect(kept).rejects.toMatchObject({ problem: { code: 'CHAIN_CHANGED' } });
  expect(await store.journal.list({ limit: 10 })).toEqual([]);
  expect(await contentOf(guest)).toBe(before);
});

test('a disk under a job of somebody else is refused', async () => {
  const guest = await pullable('fault-job');
  const { preview, flatten } = await dashboard();
  await virsh(alpha, 'blockpull', guest.uuid, 'vda', '1');
  const plan = await preview(guest, flattenTo(null));
  expect(plan.refusals).toEqual([{ code: 'JOB_RUNNING', params: { target: 'vda', job: 'pull' } }]);
  await expect(flatten(guest, null)).rejects.toMatchObject({
    kind: 'refused',
    problem: { code: 'JOB_RUNNING' },
  });
});

test('one operation at a time on a disk', async () => {
  const guest = await pullable('fault-twice');
  const parts = await dashboard();
  await underWay(parts, guest);
  await expect(parts.flatten(guest, null)).rejects.toMatchObject({ problem: { code: 'OPERATION_ON_DISK' } });
});

test('a job that somebody else aborts is reported as aborted', async () => {
  const guest = await pullable('fault-abort');
  const parts = await dashboard();
  const before = await contentOf(guest);
  const id = await underWay(parts, guest);
  await virsh(alpha, 'blockjob', guest.uuid, 'vda', '--abort');
  expect(await parts.reached(id, 'failed', 'succeeded', 'cancelled')).toMatchObject({
    state: 'failed',
    problem: { code: 'JOB_ABORTED_ELSEWHERE' },
  });
  expect(await contentOf(guest)).toBe(before);
});

test('a guest that is destroyed half way through ends the operation, and nothing is lost', async () => {
  const guest = await pullable('fault-destroy');
  const parts = await dashboard();
  const before = await contentOf(guest);
  const id = await underWay(parts, guest);
  await virsh(alpha, 'destroy', guest.uuid);
  expect(await parts.reached(id, 'failed', 'succeeded', 'cancelled')).toMatchObject({
    state: 'failed',
    problem: { code: 'GUEST_STOPPED', params: { guest: guest.name } },
  });
  expect(await digest(activeOf(guest))).toBe(before);
  expect(parts.broken).toEqual([]);
});

test('a QEMU that is killed half way through ends the operation, and nothing is lost', async () => {
  const guest = await pullable('fault-killed');
  const parts = await dashboard();
  const before = await contentOf(guest);
  const id = await underWay(parts, guest);
  await killQemu(lab, guest);
  expect(await parts.reached(id, 'failed', 'succeeded', 'cancelled')).toMatchObject({
    state: 'failed',
    problem: { code: 'GUEST_STOPPED' },
  });
  expect(await digest(activeOf(guest))).toBe(before);
  expect(await run('qemu-img', ['check', activeOf(guest)])).toContain('No errors were found');
  expect(parts.broken).toEqual([]);
});

test('a guest that is undefined and destroyed half way through ends the operation', async () => {
  const guest = await pullable('fault-gone');
  const parts = await dashboard();
  const id = await underWay(parts, guest);
  await virsh(alpha, 'undefine', guest.uuid);
  await virsh(alpha, 'destroy', guest.uuid);
  expect(await parts.reached(id, 'failed', 'succeeded', 'cancelled')).toMatchObject({
    state: 'failed',
    problem: { code: 'GUEST_UNKNOWN' },
  });
  expect(parts.fleet.guest(parts.diskOf(guest))).toBeNull();
});

test('a libvirtd that is killed and started again half way through does not end the operation', async () => {
  const guest = await pullable('fault-daemon', { host: 'beta' });
  const parts = await dashboard(beta);
  const { reached, engine, fleet, broken, events } = parts;
  const before = await contentOf(guest);
  const id = await underWay(parts, guest);
  await killDaemon(lab, beta);
  await until('the loss to be seen', async () => fleet.hosts()[0]?.state === 'lost');
  expect(fleet.hosts()[0]?.problem).toMatchObject({ code: 'HOST_LOST' });
  expect(parts.guest(guest).name).toBe(guest.name);
  expect((await parts.operation(id)).state).toBe('running');
  await expect(engine.setSpeed(id, 0, 'tester')).rejects.toMatchObject({
    problem: { code: 'NOT_CONNECTED' },
  });
  await startDaemon(lab, beta);
  await until('the host to be back', async () => fleet.hosts()[0]?.state === 'connected');
  await engine.setSpeed(id, 0, 'tester');
  expect(await reached(id, 'failed', 'succeeded', 'cancelled')).toMatchObject({ state: 'succeeded' });
  expect(await contentOf(guest)).toBe(before);
  expect(broken).toEqual([]);
  expect(events.filter(({ kind }) => kind === 'guest-gone')).toEqual([]);
});

test('a job that ends while libvirtd is down is believed for its chain', async () => {
  const guest = await pullable('fault-ended', { host: 'beta' });
  const parts = await dashboard(beta);
  const { reached, fleet, chain } = parts;
  const before = await contentOf(guest);
  const { id } = await parts.flatten(guest, 3, { bandwidth: 16 * MiB });
  await parts.sampled(id);
  await killDaemon(lab, beta);
  await until('the loss to be seen', async () => fleet.hosts()[0]?.state === 'lost');
  const grown = async () => (await stat(activeOf(guest))).blocks * 512 >= 32 * MiB;
  await until('the pull to end without libvirt', grown);
  await startDaemon(lab, beta);
  expect(await reached(id, 'failed', 'succeeded', 'cancelled')).toMatchObject({ state: 'succeeded' });
  expect(chain(guest)).toHaveLength(2);
  expect(await contentOf(guest)).toBe(before);
});

test("a full file system fails the pull with QEMU's own reason", async () => {
  const file = join(tinyOf(lab), 'fault-full.qcow2');
  const layers = [
    { file: 'fault-full-0.qcow2', writes: [{ pattern: 3, offset: 0, length: 40 * MiB }] },
    { file: 'fault-full-1.qcow2', writes: [{ pattern: 4, offset: 40 * MiB, length: MiB }] },
    { file },
  ];
  const guest = await guestFor({ name: 'fault-full', disks: [{ layers, size: 64 * MiB }] });
  const measuring = await dashboard();
  const before = await contentOf(guest);
  const { refusals } = await measuring.preview(guest, flattenTo(null));
  expect(refusals).toMatchObject([{ code: 'NO_SPACE', params: { fileSystem: tinyOf(lab) } }]);
  await expect(measuring.flatten(guest, null)).rejects.toMatchObject({ problem: { code: 'NO_SPACE' } });
  const parts = await unmeasured();
  const { id } = await parts.flatten(guest, null);
  expect(await parts.reached(id, 'failed', 'succeeded', 'cancelled')).toMatchObject({
    state: 'failed',
    problem: { code: 'PULL_FAILED', params: { reason: 'No space left on device' } },
  });
  expect(parts.chain(guest)).toHaveLength(3);
  expect((await virsh(alpha, 'domstate', guest.uuid)).trim()).toBe('running');
  expect(await contentOf(guest)).toBe(before);
});

test('a QEMU that hangs prevents neither its operation from succeeding nor its host from being shown', async () => {
  const [guest, other] = await Promise.all([pullable('fault-hung'), pullable('fault-well')]);
  const parts = await dashboard();
  const before = await contentOf(guest);
  const id = await underWay(parts, guest);
  await freezeQemu(lab, guest);
  onTestFinished(() => thawQemu(lab, guest).catch(() => undefined));
  const well = await parts.flatten(other, null);
  expect(await parts.reached(well.id, 'failed', 'succeeded')).toMatchObject({ state: 'succeeded' });
  const late = await dashboard();
  expect(late.guest(other).name).toBe('fault-well');
  const silent = { code: 'GUEST_SILENT', params: { guest: guest.name } };
  expect(late.guest(guest)).toMatchObject({ state: 'running', disks: [{ problem: silent, job: null }] });
  expect(late.chain(guest)).toEqual(guest.disks[0]?.images);
  await thawQemu(lab, guest);
  await parts.engine.setSpeed(id, 0, 'tester');
  expect(await parts.reached(id, 'failed', 'succeeded')).toMatchObject({ state: 'succeeded' });
  await until('the late guest', async () => late.guest(guest).disks[0]?.problem === null);
  expect(await contentOf(guest)).toBe(before);
});

test('a base that was deleted under its running guest is reported as gone, and a flatten saves its data', async () => {
  const guest = await pullable('fault-deleted');
  const parts = await dashboard();
  const before = await contentOf(guest);
  const base = guest.disks[0]?.images.at(-1) ?? '';
  await rm(base);
  const plan = await parts.preview(guest, flattenTo(null));
  expect(plan.refusals).toEqual([]);
  expect(plan.warnings).toContainEqual({ code: 'IMAGE_GONE', params: { image: 'fault-deleted-0.qcow2' } });
  expect(plan.disks[0]?.now.images.map(({ missing }) => missing)).toEqual([false, false, false, true]);
  const { id } = await parts.flatten(guest, null);
  expect(await parts.reached(id, 'failed', 'succeeded')).toMatchObject({ state: 'succeeded' });
  expect(await contentOf(guest)).toBe(before);
});

test('the writing guest loses nothing during a throttled pull that is cancelled, and one that succeeds', async () => {
  const guest = await writer('fault-writer', 30);
  const parts = await dashboard();
  const first = await parts.flatten(guest, 2, { bandwidth: 1 });
  await parts.sampled(first.id);
  await waitForWrites(guest, 60);
  await parts.engine.cancel(first.id, 'tester');
  await parts.reached(first.id, 'cancelled');
  expect(await verifyWriter(lab, guest)).toMatchObject({ lost: [], errors: [] });
  const second = await parts.flatten(guest, null, { bandwidth: 64 * MiB });
  await waitForWrites(guest, 60);
  expect(await parts.reached(second.id, 'failed', 'succeeded')).toMatchObject({ state: 'succeeded' });
  await waitForWrites(guest, 30);
  const verdict = await verifyWriter(lab, guest);
  expect(verdict).toMatchObject({ lost: [], errors: [] });
  expect(verdict.records).toBeGreaterThanOrEqual(150);
  expect(await jobOf(guest)).toBe('');
});

test('regression: what a pull had copied was lost with a QEMU that was killed right after it', async () => {
  const guest = await pullable('fault-unwritten');
  const parts = await dashboard();
  const before = await contentOf(guest);
  const { id } = await parts.flatten(guest, null);
  expect(await parts.reached(id, 'failed', 'succeeded')).toMatchObject({ state: 'succeeded' });
  await killQemu(lab, guest);
  await until('the guest to be off', async () => {
    return (await virsh(alpha, 'domstate', guest.uuid)).trim() === 'shut off';
  });
  expect(await contentOf(guest)).toBe(before);
  const entries = await parts.store.journal.entries(id);
  expect(entries.map(({ event }) => event.kind)).not.toContain('step-warned');
});
