import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { digest } from '../../../lab/content.ts';
import { killQemu } from '../../../lab/faults.ts';
import { MiB } from '../../../lab/image.ts';
import { type LabGuest, tinyOf } from '../../../lab/lab.ts';
import { until } from '../../../lab/process.ts';
import { run } from '../../../lab/run.ts';
import { virsh } from '../../../lab/virsh.ts';
import { verifyWriter, waitForWrites } from '../../../lab/writer.ts';
import type { MergeDownIntent } from '../../../model/plans/merge-down.ts';
import { openStore } from '../../../server/store/store.ts';
import type { Dashboard } from '../../support/dashboard.ts';
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
  UNSURE,
  unmeasured,
  writer,
} from '../../support/rig.ts';

/** Merges the run between these positions of the chain, 0 the active one. */
function merging(guest: LabGuest, top: number, base: number): MergeDownIntent {
  const at = (position: number) => imagesOf(guest)[position] ?? '';
  return { kind: 'merge-down', target: 'vda', top: at(top), base: at(base), forgetAfter: true };
}

const definedOf = async (guest: LabGuest) =>
  /<source file='([^']*)'/.exec(await virsh(alpha, 'dumpxml', guest.uuid, '--inactive'))?.[1];

/** The guest reads the same after its next start. */
async function restarted(guest: LabGuest): Promise<string> {
  await virsh(alpha, `destroy ${guest.uuid}; start ${guest.uuid}`);
  return contentOf(guest);
}

describe.each([
  { what: 'two images below the active one', top: 1, base: 2, left: [0, 2, 3] },
  { what: 'all below the active one', top: 1, base: 3, left: [0, 3] },
  { what: 'the active one and the next', top: 0, base: 1, left: [1, 2, 3] },
  { what: 'the whole chain', top: 0, base: 3, left: [3] },
])('$what', ({ top, base, left }) => {
  test(`merge down, and the guest reads the same, then and after its next start`, async () => {
    const guest = await pullable(`merge-${top}-${base}`);
    const parts = await dashboard();
    const before = await contentOf(guest);
    const intent = merging(guest, top, base);
    const plan = await parts.preview(guest, intent);
    expect(plan).toMatchObject({ refusals: [], warnings: [UNSURE] });
    const expected = left.map((position) => imagesOf(guest)[position]);
    expect(plan.disks[0]?.after.images.map(({ key }) => key)).toEqual(expected);
    const { id } = await parts.run(guest, intent);
    const done = await parts.reached(id, 'succeeded', 'failed');
    expect(done).toMatchObject({ state: 'succeeded', problem: null });
    expect(parts.chain(guest)).toEqual(expected);
    expect(await contentOf(guest)).toBe(before);
    expect(await definedOf(guest)).toBe(expected[0]);
    expect(done.grownBy).toBeLessThanOrEqual(plan.cost.atMost ?? 0);
    const { predicted } = plan.cost;
    expect(predicted).toMatchObject({ basis: 'tables', least: predicted?.most });
    expect(Math.abs((done.grownBy ?? 0) - (predicted?.likely ?? 0))).toBeLessThan(65536);
    expect(await restarted(guest)).toBe(before);
    for (const image of expected) {
      expect(await run('qemu-img', ['check', '-U', image ?? ''])).toContain('No errors were found');
    }
    expect(parts.broken).toEqual([]);
  });
});

test('a raw base takes the data of all, and the guest continues on it', async () => {
  const layers = [
    { file: 'merge-raw-0.raw', format: 'raw' as const, writes: [{ pattern: 1, offset: 0, length: 8 * MiB }] },
    { file: 'merge-raw-1.qcow2', writes: [{ pattern: 2, offset: 4 * MiB, length: 8 * MiB }] },
    { file: 'merge-raw-2.qcow2', writes: [{ pattern: 3, offset: 20 * MiB, length: 2 * MiB }] },
  ];
  const guest = await guestFor({ name: 'merge-raw', disks: [{ layers, size: 32 * MiB }] });
  const parts = await dashboard();
  const before = await contentOf(guest);
  const { id } = await parts.run(guest, merging(guest, 0, 2));
  expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  expect(parts.chain(guest)).toEqual([imagesOf(guest)[2]]);
  await virsh(alpha, 'destroy', guest.uuid);
  expect(await digest(imagesOf(guest)[2] ?? '')).toBe(before);
});

test('an image that others depend on is not written, whatever they call it, and they are named', async () => {
  const guest = await pullable('merge-shared');
  const base = imagesOf(guest)[3] ?? '';
  const over = (name: string, path: string) =>
    guestFor({
      name,
      state: 'shut off',
      disks: [{ layers: [{ file: path, existing: true }, { file: `${name}.qcow2` }], size: 128 * MiB }],
    });
  const other = await over('merge-other', base);
  await over('merge-dots', `${alpha.images}/../images/merge-shared-0.qcow2`);
  const file = join(alpha.images, 'merge-unused.qcow2');
  other.files.push(file);
  const backing = ['-u', '-b', imagesOf(guest)[2] ?? '', '-F', 'qcow2'];
  await run('qemu-img', ['create', '-q', '-f', 'qcow2', ...backing, file, '128M']);
  const parts = await dashboard();
  const [theirs, bytes] = [await contentOf(other), await readFile(base)];
  for (const top of [0, 1]) {
    const plan = await parts.preview(guest, merging(guest, top, 3));
    expect(plan.refusals).toEqual([
      { code: 'BACKING_WRITTEN', params: { image: imagesOf(guest)[2], files: file } },
      { code: 'SHARED_WRITTEN', params: { image: base, guests: expect.any(String) } },
    ]);
    const guests = String(plan.refusals[1]?.params.guests).split(', ');
    expect(guests.sort()).toEqual(['merge-dots (vda)', 'merge-other (vda)']);
    await expect(parts.run(guest, merging(guest, top, 3))).rejects.toMatchObject({
      kind: 'refused',
      problem: { code: 'BACKING_WRITTEN' },
    });
  }
  expect((await readFile(base)).equals(bytes)).toBe(true);
  expect(await contentOf(other)).toBe(theirs);
  // Above all that is shared nothing speaks against it.
  expect((await parts.preview(guest, merging(guest, 0, 1))).refusals).toEqual([]);
});

test('what an earlier flatten left behind prevents a merge, and is named with it until it is gone', async () => {
  const guest = await pullable('merge-left');
  const [, upper = '', lower = ''] = imagesOf(guest);
  const parts = await dashboard();
  const before = await contentOf(guest);
  const { id } = await parts.flatten(guest, 2);
  expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({ problem: null });
  const intent = merging(guest, 0, 2);
  expect((await parts.preview(guest, intent)).refusals).toMatchObject([
    { code: 'LEFTOVER_DEPENDS', params: { image: lower, files: upper, operation: id, intent: 'flatten' } },
  ]);
  await expect(parts.run(guest, intent)).rejects.toMatchObject({ problem: { code: 'LEFTOVER_DEPENDS' } });
  await rm(upper);
  expect((await parts.preview(guest, intent)).refusals).toEqual([]);
  expect(await contentOf(guest)).toBe(before);
});

test('a guest that comes to depend on an image while the merge waits for its turn is seen', async () => {
  const [first, second, guest] = await Promise.all([
    pullable('merge-turn-1'),
    pullable('merge-turn-2'),
    pullable('merge-turn-3'),
  ]);
  const parts = await dashboard();
  const busy = [
    await parts.flatten(first, 3, { bandwidth: SLOW }),
    await parts.flatten(second, 3, { bandwidth: SLOW }),
  ];
  const { id } = await parts.run(guest, merging(guest, 1, 3));
  expect((await parts.operation(id)).state).toBe('queued');
  const base = imagesOf(guest)[3] ?? '';
  const before = await contentOf(guest);
  const other = await guestFor({
    name: 'merge-late',
    state: 'shut off',
    disks: [{ layers: [{ file: base, existing: true }, { file: 'merge-late.qcow2' }], size: 128 * MiB }],
  });
  const theirs = await contentOf(other);
  await until('the guest', async () => parts.fleet.guests().some(({ name }) => name === 'merge-late'));
  for (const operation of busy) await parts.engine.cancel(operation.id, 'tester');
  expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({
    state: 'failed',
    problem: { code: 'SHARED_WRITTEN', params: { guests: 'merge-late (vda)' } },
  });
  expect(parts.chain(guest)).toHaveLength(4);
  expect([await contentOf(guest), await contentOf(other)]).toEqual([before, theirs]);
});

/** A slow merge that QEMU is at. */
async function underWay(parts: Dashboard, guest: LabGuest, top: number): Promise<string> {
  const { id } = await parts.run(guest, merging(guest, top, 3), SLOW);
  await parts.sampled(id);
  return id;
}

test.each([0, 1])('a merge from image %i on is cancelled, and the guest reads the same', async (top) => {
  const guest = await pullable(`merge-cancel-${top}`);
  const parts = await dashboard();
  const before = await contentOf(guest);
  const id = await underWay(parts, guest, top);
  await parts.engine.cancel(id, 'tester');
  expect(await parts.reached(id, 'cancelled', 'succeeded', 'failed')).toMatchObject({ state: 'cancelled' });
  expect(parts.chain(guest)).toEqual(imagesOf(guest));
  expect(await contentOf(guest)).toBe(before);
  expect(await jobOf(guest)).toBe('');
  // Once more, to the end.
  const again = await parts.run(guest, merging(guest, top, 3));
  expect(await parts.reached(again.id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  expect(await contentOf(guest)).toBe(before);
});

test('a cancel that finds the job ready for its pivot still counts', async () => {
  const guest = await pullable('merge-ready');
  const before = await contentOf(guest);
  const database = join((await folder()).path, 'db.sqlite');
  const first = await dashboardOn(database);
  const id = await underWay(first, guest, 0);
  // No dashboard runs while the job gets ready.
  await first.stop();
  await virsh(alpha, 'blockjob', guest.uuid, 'vda', '--bandwidth', '0');
  const isReady = async () => (await virsh(alpha, 'dumpxml', guest.uuid)).includes("ready='yes'");
  await until('the job to be ready', isReady);
  const store = await openStore(database);
  await store.journal.append(id, [{ kind: 'cancel-asked', actor: 'tester' }], Date.now());
  await store.close();
  const second = await dashboardOn(database);
  expect(await second.reached(id, 'cancelled', 'succeeded', 'failed')).toMatchObject({ state: 'cancelled' });
  await until('the end of the job', async () => (await jobOf(guest)) === '');
  expect(second.chain(guest)).toEqual(imagesOf(guest));
  expect(await contentOf(guest)).toBe(before);
});

test.each([0, 1])('QEMU killed in the middle of a merge from image %i on loses nothing', async (top) => {
  const guest = await pullable(`merge-killed-${top}`);
  const parts = await dashboard();
  const before = await contentOf(guest);
  const id = await underWay(parts, guest, top);
  await killQemu(lab, guest);
  expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({
    state: 'failed',
    problem: { code: 'GUEST_STOPPED' },
  });
  expect(await digest(imagesOf(guest)[0] ?? '')).toBe(before);
  expect(await definedOf(guest)).toBe(imagesOf(guest)[0]);
  expect(parts.broken).toEqual([]);
});

test('a base on a file system that fills up fails the merge with QEMU’s reason, and leaves the guest as it is', async () => {
  const base = join(tinyOf(lab), 'merge-full-0.qcow2');
  const layers = [
    { file: base, writes: [{ pattern: 1, offset: 0, length: MiB }] },
    { file: 'merge-full-1.qcow2', writes: [{ pattern: 2, offset: 2 * MiB, length: 40 * MiB }] },
    { file: 'merge-full-2.qcow2', writes: [{ pattern: 3, offset: 44 * MiB, length: MiB }] },
  ];
  const guest = await guestFor({ name: 'merge-full', disks: [{ layers, size: 64 * MiB }] });
  const measuring = await dashboard();
  const parts = await unmeasured();
  const before = await contentOf(guest);
  for (const top of [1, 0]) {
    const intent = merging(guest, top, 2);
    const { refusals } = await measuring.preview(guest, intent);
    expect(refusals).toMatchObject([{ code: 'NO_SPACE', params: { fileSystem: tinyOf(lab) } }]);
    const { id } = await parts.run(guest, intent);
    expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({
      state: 'failed',
      problem: { code: 'COMMIT_FAILED', params: { reason: 'No space left on device' } },
    });
    expect(parts.chain(guest)).toHaveLength(3);
    expect(await contentOf(guest)).toBe(before);
  }
});

test.each([0, 1])(
  'the writing guest loses nothing while images from %i on merge down under it',
  async (top) => {
    const guest = await writer(`merge-writer-${top}`, 30);
    const parts = await dashboard();
    const { id } = await parts.run(guest, merging(guest, top, 2), 32 * MiB);
    await parts.sampled(id);
    await waitForWrites(guest, 30);
    expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
    await waitForWrites(guest, 30);
    expect(parts.chain(guest)).toEqual(
      top === 0 ? [imagesOf(guest)[2]] : [imagesOf(guest)[0], imagesOf(guest)[2]],
    );
    expect(await verifyWriter(lab, guest)).toMatchObject({ lost: [], errors: [] });
  },
);
