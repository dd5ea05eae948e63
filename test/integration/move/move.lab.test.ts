import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { digest } from '../../../lab/content.ts';
import { killQemu } from '../../../lab/faults.ts';
import { MiB } from '../../../lab/image.ts';
import { type LabGuest, tinyOf } from '../../../lab/lab.ts';
import { handOver } from '../../../lab/namespace.ts';
import { until } from '../../../lab/process.ts';
import { run } from '../../../lab/run.ts';
import { virsh } from '../../../lab/virsh.ts';
import { verifyWriter, waitForWrites } from '../../../lab/writer.ts';
import type { MoveIntent } from '../../../model/plans/move.ts';
import { guestOf } from '../../../model/plans/plan.ts';
import { openStore } from '../../../server/store/store.ts';
import {
  alpha,
  contentOf,
  dashboard,
  dashboardOn,
  folder,
  guestFor,
  imagesOf,
  jobOf,
  lab,
  pullable,
  SLOW,
  unmeasured,
  writer,
} from '../../support/rig.ts';

const moving = (file: string, strategy: MoveIntent['strategy']): MoveIntent => ({
  kind: 'move',
  target: 'vda',
  file,
  strategy,
});
const definition = async (guest: LabGuest) => virsh(alpha, 'dumpxml', guest.uuid, '--inactive');
const recordsOf = async (guest: LabGuest) => virsh(alpha, 'snapshot-list', guest.uuid, '--name');

/** A path on the lab's second file system; what is there goes with the guest. */
function elsewhere(guest: LabGuest, name = `${guest.name}-new.qcow2`): string {
  const { second } = lab.folders;
  if (second === null) throw new Error('The lab has no second file system');
  const file = join(second, name);
  guest.files.push(file);
  return file;
}

describe.each(['copy', 'pull'] as const)('A3: by %s', (strategy) => {
  test('a disk moves to another file system while its guest writes all the time', async () => {
    const guest = await writer(`move-writer-${strategy}`, 30);
    const parts = await dashboard();
    const file = elsewhere(guest);
    const intent = moving(file, strategy);
    const plan = await parts.preview(guest, intent);
    // The lab's second file system is one in memory.
    expect(plan).toMatchObject({ refusals: [], warnings: [{ code: 'DESTINATION_IN_MEMORY' }] });
    expect(plan.disks[0]?.after.images.map(({ key }) => key)).toEqual([file]);
    const { id } = await parts.run(guest, intent, 32 * MiB);
    await parts.sampled(id);
    await waitForWrites(guest, 30);
    expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({
      state: 'succeeded',
      problem: null,
    });
    await waitForWrites(guest, 30);
    expect(parts.chain(guest)).toEqual([file]);
    const verdict = await verifyWriter(lab, guest);
    expect(verdict).toMatchObject({ lost: [], errors: [] });
    expect(verdict.records).toBeGreaterThanOrEqual(90);
    expect(await definition(guest)).toContain(`<source file='${file}'/>`);
    expect(await recordsOf(guest)).toBe('');
    expect(await jobOf(guest)).toBe('');
    expect(parts.broken).toEqual([]);
  });

  test('the old images stay as they were, and the next start is on the new one', async () => {
    const guest = await pullable(`move-stays-${strategy}`);
    const parts = await dashboard();
    const before = await contentOf(guest);
    const old = await Promise.all(imagesOf(guest).map((path) => readFile(path)));
    const file = elsewhere(guest);
    const plan = await parts.preview(guest, moving(file, strategy));
    const { id } = await parts.run(guest, moving(file, strategy));
    const done = await parts.reached(id, 'succeeded', 'failed');
    expect(done).toMatchObject({ state: 'succeeded' });
    expect((await stat(file)).blocks * 512).toBeLessThanOrEqual(plan.cost.atMost ?? 0);
    expect((plan.cost.atMost ?? 0) - (await stat(file)).blocks * 512).toBeLessThan(4 * MiB);
    // Also for a copy, whose image was not there before.
    expect((await stat(file)).blocks * 512 - (done.grownBy ?? 0)).toBeLessThan(MiB);
    await virsh(alpha, `destroy ${guest.uuid}; start ${guest.uuid}`);
    expect(await contentOf(guest)).toBe(before);
    expect(await run('qemu-img', ['info', '-U', file])).not.toContain('backing file');
    for (const [i, path] of imagesOf(guest).entries()) {
      expect((await readFile(path)).equals(old[i] ?? Buffer.alloc(0)), path).toBe(true);
    }
  });

  test('cancelled in the middle, the guest continues and reads the same', async () => {
    const guest = await pullable(`move-cancel-${strategy}`);
    const parts = await dashboard();
    const before = await contentOf(guest);
    const file = elsewhere(guest);
    const { id } = await parts.run(guest, moving(file, strategy), SLOW);
    await parts.sampled(id);
    await parts.engine.cancel(id, 'tester');
    expect(await parts.reached(id, 'cancelled', 'succeeded', 'failed')).toMatchObject({ state: 'cancelled' });
    // A snapshot stays, an unfinished copy goes.
    expect(parts.chain(guest)).toEqual(strategy === 'copy' ? imagesOf(guest) : [file, ...imagesOf(guest)]);
    if (strategy === 'copy') await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await contentOf(guest)).toBe(before);
    expect(await jobOf(guest)).toBe('');
    if (strategy === 'pull') return;
    const again = await parts.run(guest, moving(file, strategy));
    expect(await parts.reached(again.id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
    expect(await contentOf(guest)).toBe(before);
  });

  test('QEMU killed in the middle, nothing is lost', async () => {
    const guest = await pullable(`move-killed-${strategy}`);
    const parts = await dashboard();
    const before = await contentOf(guest);
    const file = elsewhere(guest);
    const { id } = await parts.run(guest, moving(file, strategy), SLOW);
    await parts.sampled(id);
    await killQemu(lab, guest);
    expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({
      state: 'failed',
      problem: { code: 'GUEST_STOPPED' },
    });
    const active = strategy === 'copy' ? (imagesOf(guest)[0] ?? '') : file;
    expect(await definition(guest)).toContain(active);
    expect(await digest(active)).toBe(before);
    if (strategy === 'copy') await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(parts.broken).toEqual([]);
  });

  test('a file system that fills up fails it with QEMU’s reason, and the guest reads the same', async () => {
    const guest = await pullable(`move-full-${strategy}`);
    const parts = await dashboard();
    const before = await contentOf(guest);
    const tiny = tinyOf(lab);
    const file = join(tiny, `${guest.name}.qcow2`);
    guest.files.push(file);
    // Known beforehand, it is refused.
    const plan = await parts.preview(guest, moving(file, strategy));
    expect(plan.refusals).toMatchObject([{ code: 'NO_SPACE', params: { fileSystem: tiny } }]);
    await expect(parts.run(guest, moving(file, strategy))).rejects.toMatchObject({ kind: 'refused' });
    await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
    // Unknown, since no image can be read.
    const parts2 = await unmeasured();
    parts2.ports.allocationMaps.mapsOf = async () => new Map();
    const { id } = await parts2.run(guest, moving(file, strategy));
    expect(await parts2.reached(id, 'succeeded', 'failed')).toMatchObject({
      state: 'failed',
      problem: {
        code: strategy === 'copy' ? 'COPY_FAILED' : 'PULL_FAILED',
        params: { reason: 'No space left on device' },
      },
    });
    expect((await virsh(alpha, 'domstate', guest.uuid)).trim()).toBe('running');
    if (strategy === 'copy') {
      expect(parts2.chain(guest)).toEqual(imagesOf(guest));
      await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
      expect(await contentOf(guest)).toBe(before);
    }
  });

  test('an impossible destination is refused with the reason, and nothing is done', async () => {
    const guest = await pullable(`move-bad-${strategy}`);
    const parts = await dashboard();
    const before = await contentOf(guest);
    const inside = join(alpha.images, `move-bad-${strategy}`);
    await mkdir(inside);
    onTestFinished(() => rm(inside, { recursive: true }));
    await handOver(lab.namespace, inside);
    const empty = join(inside, 'empty.qcow2');
    await writeFile(empty, '');
    const bad: readonly [string, string][] = [
      ['', 'DESTINATION_EMPTY'],
      ['new.qcow2', 'DESTINATION_RELATIVE'],
      [`${alpha.images}/../images/new.qcow2`, 'DESTINATION_NOT_PLAIN'],
      [inside, 'DESTINATION_IS_FOLDER'],
      [empty, 'DESTINATION_EXISTS'],
      [imagesOf(guest)[0] ?? '', 'DESTINATION_EXISTS'],
      [imagesOf(guest)[3] ?? '', 'DESTINATION_EXISTS'],
      [join(inside, 'no/new.qcow2'), 'DESTINATION_NO_FOLDER'],
      [join(empty, 'new.qcow2'), 'DESTINATION_NOT_A_FOLDER'],
    ];
    for (const [path, code] of bad) {
      const { refusals } = await parts.preview(guest, moving(path, strategy));
      expect(
        refusals.map((refusal) => refusal.code),
        path,
      ).toContain(code);
      await expect(parts.run(guest, moving(path, strategy)), path).rejects.toMatchObject({ kind: 'refused' });
    }
    expect(await contentOf(guest)).toBe(before);
    expect(parts.chain(guest)).toEqual(imagesOf(guest));
    expect(await recordsOf(guest)).toBe('');
    expect((await readFile(empty)).length).toBe(0);
    expect(await parts.store.journal.list({ limit: 10 })).toEqual([]);
  });

  test('a file that somebody puts there while it waits is not touched', async () => {
    const [first, second, guest] = await Promise.all([
      pullable(`move-turn-1-${strategy}`),
      pullable(`move-turn-2-${strategy}`),
      pullable(`move-turn-3-${strategy}`),
    ]);
    const parts = await dashboard();
    const busy = [
      await parts.flatten(first, 3, { bandwidth: SLOW }),
      await parts.flatten(second, 3, { bandwidth: SLOW }),
    ];
    const file = elsewhere(guest);
    const { id } = await parts.run(guest, moving(file, strategy));
    expect((await parts.operation(id)).state).toBe('queued');
    // libvirt would overwrite an empty file without a warning.
    await writeFile(file, '');
    for (const operation of busy) await parts.engine.cancel(operation.id, 'tester');
    expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({
      state: 'failed',
      problem: { code: 'DESTINATION_EXISTS', params: { path: file } },
    });
    expect(await readFile(file, 'utf8')).toBe('');
    expect(parts.chain(guest)).toEqual(imagesOf(guest));
  });
});

test('a cancel that finds the copy ready for its pivot still counts, and the copy goes', async () => {
  const guest = await pullable('move-ready');
  const before = await contentOf(guest);
  const database = join((await folder()).path, 'db.sqlite');
  const first = await dashboardOn(database);
  const file = elsewhere(guest);
  const { id } = await first.run(guest, moving(file, 'copy'), SLOW);
  await first.sampled(id);
  // No dashboard runs while the job gets ready.
  await first.stop();
  await virsh(alpha, 'blockjob', guest.uuid, 'vda', '--bandwidth', '0');
  const isReady = async () => (await virsh(alpha, 'dumpxml', guest.uuid)).includes("ready='yes'");
  await until('the job to be ready', isReady);
  const store = await openStore(database);
  await store.journal.append(id, [{ kind: 'cancel-asked', actor: 'tester' }], Date.now());
  await store.close();
  const next = await dashboardOn(database);
  expect(await next.reached(id, 'cancelled', 'succeeded', 'failed')).toMatchObject({ state: 'cancelled' });
  expect(next.chain(guest)).toEqual(imagesOf(guest));
  await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await contentOf(guest)).toBe(before);
});

test('a chain that changed since it was read is left alone, and so is a disk with an operation', async () => {
  const guest = await pullable('move-stale');
  const parts = await dashboard();
  const intent = moving(elsewhere(guest), 'copy');
  const plan = await parts.preview(guest, intent);
  const { fingerprint } = plan;
  const ref = guestOf(plan);
  await virsh(alpha, 'blockpull', guest.uuid, 'vda', '--base', imagesOf(guest)[2] ?? '', '--wait');
  const start = () => parts.engine.start({ guest: ref, intent, fingerprint, bandwidth: 0, actor: 'tester' });
  await expect(start()).rejects.toMatchObject({ problem: { code: 'CHAIN_CHANGED' } });
  const { id } = await parts.run(guest, intent, SLOW);
  await parts.sampled(id);
  await expect(parts.run(guest, moving(elsewhere(guest, 'other.qcow2'), 'copy'))).rejects.toMatchObject({
    problem: { code: 'OPERATION_ON_DISK' },
  });
  await parts.engine.cancel(id, 'tester');
  await parts.reached(id, 'cancelled');
});

test('a disk that is a volume of a pool moves to a file', async () => {
  const guest = await guestFor({
    name: 'move-volume',
    disks: [{ layers: 2, size: 32 * MiB, pool: 'default' }],
  });
  const parts = await dashboard();
  const before = await contentOf(guest);
  const file = elsewhere(guest);
  const { id } = await parts.run(guest, moving(file, 'copy'));
  expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  expect(parts.chain(guest)).toEqual([file]);
  expect(await contentOf(guest)).toBe(before);
});

test('subclusters are moved by a copy only, where a pull could kill the guest', async () => {
  const layers = [
    {
      file: 'move-sub.qcow2',
      options: 'cluster_size=64k,extended_l2=on',
      writes: [{ pattern: 1, offset: 0, length: MiB }],
    },
  ];
  const guest = await guestFor({ name: 'move-sub', disks: [{ layers, size: 32 * MiB }] });
  const parts = await dashboard();
  const before = await contentOf(guest);
  const file = elsewhere(guest);
  const { refusals } = await parts.preview(guest, moving(file, 'pull'));
  const aborts = parts.fleet.hosts()[0]?.capabilities.extendedL2Aborts;
  expect(refusals.map(({ code }) => code)).toEqual(aborts ? ['MOVE_EXTENDED_L2'] : []);
  const { id } = await parts.run(guest, moving(file, 'copy'));
  expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  expect(await contentOf(guest)).toBe(before);
});
