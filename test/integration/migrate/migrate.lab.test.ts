import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { MiB } from '../../../lab/image.ts';
import { until } from '../../../lab/process.ts';
import { run } from '../../../lab/run.ts';
import { virsh } from '../../../lab/virsh.ts';
import { verifyWriter, waitForWrites, writerSpec } from '../../../lab/writer.ts';
import {
  chainThere,
  contentThere,
  ENDS,
  fileThere,
  isOn,
  letGo,
  onBeta,
  toBeta,
  traveller,
} from '../../support/migrating.ts';
import { alpha, beta, contentOf, dashboard, jobOf, lab } from '../../support/rig.ts';

const simple = (name: string) => traveller({ name, disks: [{ layers: 3, size: 128 * MiB }] });

test('A4: a guest migrates while it writes, and its storage is pulled while it continues to write', async () => {
  const guest = await traveller(writerSpec(lab.dir, { name: 'go-writer' }));
  const parts = await dashboard(alpha, beta);
  const plan = await parts.preview(guest, toBeta(parts));
  expect(plan.refusals).toEqual([]);
  // A lab may be on a file system in memory.
  expect(plan.warnings.filter(({ code }) => code !== 'DESTINATION_IN_MEMORY')).toEqual([]);
  expect(plan.steps.map(({ kind }) => kind)).toEqual(['overlay', 'migrate', 'pull']);
  await waitForWrites(guest, 20);
  const { id } = await parts.run(guest, toBeta(parts), 16 * MiB);
  await until('the switch', () => isOn(beta, guest));
  await until('the pull', async () => (await jobOf(onBeta(guest))).includes('bytes/s'));
  await waitForWrites(guest, 20);
  await parts.engine.setSpeed(id, 0, 'tester');
  const operation = await parts.reached(id, ...ENDS);
  expect(operation).toMatchObject({ state: 'succeeded', problem: null });
  expect(operation.steps.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
  await waitForWrites(guest, 20);
  expect(await verifyWriter(lab, onBeta(guest))).toMatchObject({ lost: [], errors: [] });
  expect(await isOn(alpha, guest)).toBe(false);
  expect(chainThere(parts, guest)).toEqual([fileThere(guest)]);
  for (const flag of [[], ['--inactive']]) {
    expect(await virsh(beta, 'domblklist', guest.uuid, ...flag)).toContain(fileThere(guest));
  }
  const info = JSON.parse(await run('qemu-img', ['info', '-U', '--output=json', fileThere(guest)]));
  expect(info['backing-filename']).toBeUndefined();
  expect(parts.broken).toEqual([]);
});

test('all disks are migrated, each to its destination; the progress of the memory is reported', async () => {
  const name = 'go-two';
  const layer = (file: string, pattern: number, offset: number) => ({
    file: `${name}-${file}`,
    writes: [{ pattern, offset: offset * MiB, length: 2 * MiB }],
  });
  const raw = { ...layer('raw.img', 3, 7), format: 'raw' as const };
  const disks = [
    { target: 'vda', size: 64 * MiB, layers: [layer('base.qcow2', 1, 0), layer('active.qcow2', 2, 1)] },
    { target: 'vdb', size: 64 * MiB, layers: [raw] },
  ];
  const guest = await traveller({ name, busy: true, cdrom: 'sda', disks });
  await virsh(alpha, `migrate-setspeed ${guest.uuid} 1; migrate-setmaxdowntime ${guest.uuid} 1`);
  const parts = await dashboard(alpha, beta);
  // One after the other: each holds the guest still.
  const before = [await contentOf(guest, 'vda'), await contentOf(guest, 'vdb')];
  const { id } = await parts.run(guest, toBeta(parts));
  const measured = () => parts.progress.find(({ memory }) => (memory?.dirtyRate ?? null) !== null);
  await until('rates', async () => measured() !== undefined);
  expect(measured()).toMatchObject({
    step: 2,
    grownBy: null,
    memory: { total: expect.any(Number), remaining: expect.any(Number), downtime: expect.any(Number) },
  });
  await letGo(guest);
  expect(await parts.reached(id, ...ENDS)).toMatchObject({ state: 'succeeded' });
  for (const [i, target] of ['vda', 'vdb'].entries()) {
    expect(chainThere(parts, guest, target)).toEqual([fileThere(guest, target)]);
    expect(await contentThere(guest, target)).toBe(before[i]);
  }
  expect(parts.broken).toEqual([]);
});

test('without the pull the chain of the source stays below the new image', async () => {
  const guest = await simple('go-late');
  const parts = await dashboard(alpha, beta);
  const before = await contentOf(guest);
  const intent = toBeta(parts, { pull: false });
  expect((await parts.preview(guest, intent)).warnings).toMatchObject([{ code: 'STORAGE_STAYS_BEHIND' }]);
  const { id } = await parts.run(guest, intent);
  expect(await parts.reached(id, ...ENDS)).toMatchObject({ state: 'succeeded' });
  expect(chainThere(parts, guest)).toEqual([fileThere(guest), ...(guest.disks[0]?.images ?? [])]);
  expect(await contentThere(guest)).toBe(before);
});

test('the guest and its images may be named by anything', async () => {
  const name = 'go "ü" & 名, 1';
  const layers = [0, 1].map((level) => ({
    file: `it's <${level}> & "名", ü.qcow2`,
    writes: [{ pattern: level + 1, offset: level * MiB, length: 2 * MiB }],
  }));
  const guest = await traveller({ name, disks: [{ layers, size: 64 * MiB }] });
  const parts = await dashboard(alpha, beta);
  const before = await contentOf(guest);
  const { id } = await parts.run(guest, toBeta(parts));
  expect(await parts.reached(id, ...ENDS)).toMatchObject({ state: 'succeeded', problem: null });
  expect(chainThere(parts, guest)).toEqual([fileThere(guest)]);
  expect(await contentThere(guest)).toBe(before);
});

test('snapshot records that prevent it are forgotten first, where that was chosen', async () => {
  const guest = await simple('go-records');
  const snap = `${guest.disks[0]?.images[0]}.snap`;
  onTestFinished(() => rm(snap, { force: true }));
  await virsh(
    alpha,
    'snapshot-create-as',
    guest.uuid,
    's 1',
    '--disk-only',
    '--diskspec',
    `vda,file=${snap}`,
  );
  const parts = await dashboard(alpha, beta);
  const before = await contentOf(guest);
  expect((await parts.preview(guest, toBeta(parts, { forgetFirst: false }))).refusals).toMatchObject([
    { code: 'RECORDS_PREVENT_MIGRATION', params: { count: 1 } },
  ]);
  const { id, plan } = await parts.run(guest, toBeta(parts));
  expect(plan.steps[0]).toMatchObject({ kind: 'forget', names: ['s 1'] });
  expect(await parts.reached(id, ...ENDS)).toMatchObject({ state: 'succeeded' });
  expect(await contentThere(guest)).toBe(before);
});

test('the destination may know the image by another path', async () => {
  const guest = await simple('go-mapped');
  const link = join(lab.dir, 'go-mapped.qcow2');
  await symlink(guest.disks[0]?.images[0] ?? '', link);
  onTestFinished(() => rm(link));
  const parts = await dashboard(alpha, beta);
  const before = await contentOf(guest);
  const disks = [{ target: 'vda', file: null, from: link }];
  const { id } = await parts.run(guest, toBeta(parts, { disks, pull: false }));
  expect(await parts.reached(id, ...ENDS)).toMatchObject({ state: 'succeeded', problem: null });
  expect(chainThere(parts, guest)?.slice(0, 2)).toEqual([fileThere(guest), link]);
  expect(await contentThere(guest)).toBe(before);
});
