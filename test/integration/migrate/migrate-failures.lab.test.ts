import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { killDaemon, killQemu, startDaemon } from '../../../lab/faults.ts';
import { MiB } from '../../../lab/image.ts';
import { until } from '../../../lab/process.ts';
import { virsh } from '../../../lab/virsh.ts';
import { guestOf } from '../../../model/plans/plan.ts';
import type { Dashboard } from '../../support/dashboard.ts';
import {
  chainThere,
  contentThere,
  ENDS,
  endless,
  expectNothingDone,
  fileThere,
  isFile,
  isOn,
  letGo,
  onBeta,
  toBeta,
  traveller,
} from '../../support/migrating.ts';
import { alpha, beta, contentOf, dashboard, dashboardOn, folder, lab } from '../../support/rig.ts';

const simple = (name: string) => traveller({ name, disks: [{ layers: 3, size: 128 * MiB }] });

async function endedOf({ store, operation, reached }: Dashboard) {
  const [{ id = '' } = {}] = await store.journal.list({ limit: 1 });
  await reached(id, ...ENDS);
  return operation(id);
}

describe('until the switch, any failure leaves the guest where it was and the destination clean:', () => {
  async function begun(name: string) {
    const guest = await endless(name);
    const parts = await dashboard(alpha, beta);
    const before = await contentOf(guest);
    const { id } = await parts.run(guest, toBeta(parts));
    await parts.sampled(id);
    expect(await isFile(fileThere(guest))).toBe(true);
    return { guest, parts, before, id };
  }

  test('a cancel', async () => {
    const { guest, parts, before, id } = await begun('stay-cancel');
    await parts.engine.cancel(id, 'tester');
    const operation = await parts.reached(id, ...ENDS);
    expect(operation).toMatchObject({ state: 'cancelled', problem: null });
    expect(operation.steps.map(({ state }) => state)).toEqual(['undone', 'running', 'waiting']);
    await expectNothingDone(parts, guest, before);
  });

  test('an abort by somebody else', async () => {
    const { guest, parts, before, id } = await begun('stay-abort');
    await virsh(alpha, 'domjobabort', guest.uuid);
    expect(await parts.reached(id, ...ENDS)).toMatchObject({
      state: 'failed',
      problem: {
        code: 'MIGRATION_FAILED',
        params: { reason: expect.stringContaining('canceled by client') },
      },
    });
    await expectNothingDone(parts, guest, before);
  });

  test('the end of the destination’s daemon', async () => {
    const { guest, parts, before, id } = await begun('stay-beta');
    await killDaemon(lab, beta);
    await until('the loss', async () => parts.fleet.hosts().some(({ state }) => state === 'lost'));
    expect(await virsh(alpha, 'domstate', guest.uuid)).toContain('running');
    await startDaemon(lab, beta);
    expect(await parts.reached(id, ...ENDS)).toMatchObject({
      state: 'failed',
      problem: { code: 'MIGRATION_FAILED' },
    });
    await expectNothingDone(parts, guest, before);
  });

  test('the end of the destination’s QEMU', async () => {
    const { guest, parts, before, id } = await begun('stay-there');
    await killQemu(lab, onBeta(guest));
    expect(await parts.reached(id, ...ENDS)).toMatchObject({
      state: 'failed',
      problem: {
        code: 'MIGRATION_FAILED',
        params: { reason: expect.stringMatching(/qemu|migration|connect/i) },
      },
    });
    await expectNothingDone(parts, guest, before);
  });

  test('the end of the source’s daemon', async () => {
    const { guest, parts, before, id } = await begun('stay-alpha');
    await killDaemon(lab, alpha);
    await startDaemon(lab, alpha);
    expect(await parts.reached(id, ...ENDS)).toMatchObject({
      state: 'failed',
      problem: { code: 'MIGRATION_LOST' },
    });
    await expectNothingDone(parts, guest, before);
  });

  test('the end of the guest’s QEMU', async () => {
    const { guest, parts, id } = await begun('stay-qemu');
    await killQemu(lab, guest);
    expect(await parts.reached(id, ...ENDS)).toMatchObject({
      state: 'failed',
      problem: { code: 'MIGRATION_STOPPED' },
    });
    expect(await isOn(beta, guest)).toBe(false);
    expect(await isFile(fileThere(guest))).toBe(false);
    expect(parts.broken).toEqual([]);
  });

  test('an image that the destination loses after the plan was made', async () => {
    const guest = await simple('stay-image');
    const parts = await dashboard(alpha, beta);
    const before = await contentOf(guest);
    const plan = await parts.preview(guest, toBeta(parts));
    const { fingerprint } = plan;
    const ref = guestOf(plan);
    const intent = toBeta(parts);
    const [active = ''] = guest.disks[0]?.images ?? [];
    await rename(active, `${active}.away`);
    onTestFinished(() => rm(`${active}.away`, { force: true }));
    const started = parts.engine.start({ guest: ref, intent, fingerprint, bandwidth: 0, actor: 'tester' });
    await expect(started).rejects.toMatchObject({ problem: { code: 'IMAGE_NOT_THERE' } });
    await rename(`${active}.away`, active);
    await expectNothingDone(parts, guest, before);
  });
});

describe('the next dashboard finds the migration', () => {
  async function orphaned(name: string) {
    const guest = await endless(name);
    const before = await contentOf(guest);
    const database = join((await folder()).path, 'db.sqlite');
    const first = await dashboardOn(database, alpha, beta);
    const { id } = await first.run(guest, toBeta(first));
    await first.sampled(id);
    await first.stop();
    expect(await virsh(alpha, 'domjobinfo', guest.uuid)).toContain('Outgoing migration');
    return { guest, before, next: () => dashboardOn(database, alpha, beta) };
  }

  test('still running', async () => {
    const { guest, before, next } = await orphaned('again-running');
    const parts = await next();
    await until('progress', async () => parts.progress.length > 0);
    await letGo(guest);
    expect(await endedOf(parts)).toMatchObject({ state: 'succeeded', problem: null });
    expect(chainThere(parts, guest)).toEqual([fileThere(guest)]);
    expect(await contentThere(guest)).toBe(before);
  });

  test('still running, and cancels it', async () => {
    const { guest, before, next } = await orphaned('again-cancel');
    const parts = await next();
    await until('progress', async () => parts.progress.length > 0);
    const [{ id = '' } = {}] = await parts.store.journal.list({ limit: 1 });
    await parts.engine.cancel(id, 'tester');
    expect(await endedOf(parts)).toMatchObject({ state: 'cancelled', problem: null });
    await expectNothingDone(parts, guest, before);
  });

  test('over: the guest is there', async () => {
    const { guest, before, next } = await orphaned('again-over');
    await letGo(guest);
    await until('the switch', async () => !(await isOn(alpha, guest)));
    const parts = await next();
    expect(await endedOf(parts)).toMatchObject({ state: 'succeeded', problem: null });
    expect(await contentThere(guest)).toBe(before);
  });

  test('over: it came to nothing', async () => {
    const { guest, before, next } = await orphaned('again-lost');
    await virsh(alpha, 'domjobabort', guest.uuid);
    await until('the end', async () => !(await isOn(beta, guest)));
    const parts = await next();
    expect(await endedOf(parts)).toMatchObject({ state: 'failed', problem: { code: 'MIGRATION_LOST' } });
    await expectNothingDone(parts, guest, before);
  });
});
