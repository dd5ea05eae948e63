import { rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { deepest } from '../../../lab/deepest.ts';
import { MiB } from '../../../lab/image.ts';
import { type LabGuest, tinyOf } from '../../../lab/lab.ts';
import { until } from '../../../lab/process.ts';
import { run } from '../../../lab/run.ts';
import { virsh } from '../../../lab/virsh.ts';
import { verifyWriter, waitForWrites } from '../../../lab/writer.ts';
import { tooDeep } from '../../../model/fleet/depth.ts';
import type { Intent } from '../../../model/kinds/kinds.ts';
import { flattenTo } from '../../../model/testing.ts';
import { doctorOf } from '../../support/doctor.ts';
import { monitorOf } from '../../support/monitor.ts';
import { alpha, contentOf, dashboard, guestFor, lab, writer } from '../../support/rig.ts';

// On a host that takes few layers these guests are at the limit and beyond it, on others not nearly.

const LAYERS = await deepest();

/** Puts overlays on a guest's disk with virsh, as others do, who get beyond the limit without a word. */
async function overlaid(guest: LabGuest, paths: readonly string[]): Promise<void> {
  guest.files.push(...paths);
  const snapshot = `snapshot-create-as ${guest.uuid} --disk-only --no-metadata --diskspec vda,file=`;
  await virsh(alpha, paths.map((path) => `${snapshot}${path}`).join('; '));
}

const pathsOf = (name: string, count: number) =>
  Array.from({ length: count }, (_, i) => join(alpha.images, `${name}-over-${i}.qcow2`));

test('a chain as deep as the host takes gets no layer more, and one beyond is flattened', async () => {
  const guest = await guestFor({ name: 'depth', disks: [{ layers: LAYERS, size: 128 * MiB }] });
  const parts = await dashboard();
  const refused = async (intent: Intent) =>
    (await parts.preview(guest, intent)).refusals.map(({ code }) => code);
  const capabilities = parts.fleet.hosts()[0]?.capabilities ?? { mostLayers: null };
  const isFull = capabilities.mostLayers?.any === LAYERS;
  const more = isFull ? ['CHAIN_TOO_DEEP'] : [];
  const shot = { kind: 'snapshot', name: 'one', description: '', quiesce: false } as const;
  expect(await refused({ ...shot, disks: [{ target: 'vda', file: null }] })).toEqual(more);
  const file = join(alpha.images, 'depth-moved.qcow2');
  expect(await refused({ kind: 'move', target: 'vda', file, strategy: 'pull' })).toEqual(more);
  expect(await refused({ kind: 'move', target: 'vda', file, strategy: 'copy' })).toEqual([]);
  expect(await refused(flattenTo(null, { snapshotFirst: { name: 'one', file: null } }))).toEqual(more);

  const before = await contentOf(guest);
  await overlaid(guest, pathsOf('depth', 2));
  await until('the overlays', async () => parts.chain(guest).length === LAYERS + 2);
  expect(await doctorOf(parts).codes(guest)).toContain(isFull ? 'TOO_DEEP' : 'DEEP');
  const { id } = await parts.flatten(guest, null);
  expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded', problem: null });
  expect(parts.chain(guest)).toHaveLength(1);
  expect(await contentOf(guest)).toBe(before);
});

test('the monitor of a guest that was paused beyond the limit is not broken by a question', async () => {
  const tiny = tinyOf(lab);
  const guest = await writer('depth-paused', 5);
  const [top, other] = [join(tiny, 'depth-paused.qcow2'), join(tiny, 'depth-others.bin')];
  onTestFinished(() => rm(other, { force: true }));
  await overlaid(guest, [...pathsOf('depth-paused', LAYERS), top]);
  const { bavail, bsize } = await statfs(tiny);
  await run('fallocate', ['--length', String(bavail * bsize - MiB), other]);
  const parts = await dashboard();
  await until('the pause', async () => parts.guest(guest).ioError !== null);
  const capabilities = parts.fleet.hosts()[0]?.capabilities ?? { mostLayers: null };
  const [disk] = parts.guest(guest).disks;
  const isBeyond = tooDeep(disk?.chain ?? { images: [] }, capabilities) !== null;
  const disks = isBeyond ? [] : [{ target: 'vda', error: 'no-space' }];
  expect(parts.guest(guest).ioError).toEqual({ disks });
  const monitor = await monitorOf(guest);
  expect(await monitor('info status')).toContain('paused');
  await rm(other);
  const { id } = await parts.run(guest, { kind: 'resume' });
  expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded', problem: null });
  await waitForWrites(guest, 5);
  expect(await verifyWriter(lab, guest)).toMatchObject({ lost: [], errors: [] });
});
