import { mkdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { MiB } from '../../../lab/image.ts';
import { hostOf } from '../../../lab/lab.ts';
import { run } from '../../../lab/run.ts';
import { virsh } from '../../../lab/virsh.ts';
import { ImageIdentities } from '../references/image-identity.ts';
import { alpha, fleetOf, guestFor, lab } from '../testing.ts';
import { OverlayVolumes } from './overlay-volumes.ts';

const beta = hostOf(lab, 'beta');

/** A guest on alpha, whose active image gets an overlay on beta. */
async function rig(name: string) {
  const guest = await guestFor({ name, disks: [{ layers: 3, size: 128 * MiB }] });
  const { fleet, hostId } = await fleetOf(beta);
  const file = join(beta.images, `${name}.qcow2`);
  onTestFinished(async () => {
    await rm(file, { force: true });
    await virsh(beta, 'pool-refresh', 'default');
  });
  const active = guest.disks[0]?.images[0] ?? '';
  const overlay = { file, backing: { path: active, format: 'qcow2' }, virtualSize: 128 * MiB };
  return { guest, fleet, hostId, overlay, file, active, volumes: new OverlayVolumes(fleet) };
}

test('an overlay is made over an image of a running guest elsewhere, found as made, and deleted', async () => {
  const { volumes, hostId, overlay, file, active } = await rig(`over "made" & 名`);
  expect(await volumes.stateOf(hostId, overlay)).toBe('none');
  await volumes.make(hostId, overlay);
  expect(await volumes.stateOf(hostId, overlay)).toBe('untouched');
  const info = JSON.parse(await run('qemu-img', ['info', '-U', '--output=json', file]));
  expect(info).toMatchObject({
    format: 'qcow2',
    'virtual-size': 128 * MiB,
    'full-backing-filename': active,
    'backing-filename-format': 'qcow2',
  });
  await volumes.remove(hostId, overlay);
  await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
  await volumes.remove(hostId, overlay);
});

test('regression: libvirt made an overlay of the old format, into which zeros are written one by one', async () => {
  const { volumes, hostId, overlay, file } = await rig('over-compat');
  await volumes.make(hostId, overlay);
  const info = JSON.parse(await run('qemu-img', ['info', '-U', '--output=json', file]));
  expect(info).toMatchObject({ 'format-specific': { data: { compat: '1.1' } } });
});

test.each([
  ['known to the pool', true],
  ['that came since', false],
])('a file %s is never overwritten', async (_, refreshed) => {
  const { volumes, hostId, overlay, file } = await rig(`over-there-${refreshed}`);
  await writeFile(file, 'somebody’s');
  if (refreshed) await virsh(beta, 'pool-refresh', 'default');
  await expect(volumes.make(hostId, overlay)).rejects.toMatchObject({
    problem: { code: 'DESTINATION_EXISTS', params: { path: file } },
  });
  expect((await stat(file)).size).toBe(12);
});

test('regression: a file that was deleted without its pool was taken for one that exists', async () => {
  const { volumes, hostId, overlay, file } = await rig('over-gone');
  await writeFile(file, 'somebody’s');
  await virsh(beta, 'pool-refresh', 'default');
  await rm(file);
  expect(await volumes.stateOf(hostId, overlay)).toBe('none');
  await volumes.make(hostId, overlay);
  expect(await volumes.stateOf(hostId, overlay)).toBe('untouched');
});

test('a folder is never overwritten', async () => {
  const { volumes, hostId, overlay, file } = await rig('over-folder');
  await mkdir(file);
  onTestFinished(() => rm(file, { recursive: true }));
  await expect(volumes.make(hostId, overlay)).rejects.toMatchObject({
    problem: { code: 'DESTINATION_EXISTS' },
  });
});

test('no overlay is made where the host lacks the image', async () => {
  const { volumes, hostId, overlay, file } = await rig('over-nothing');
  const missing = { ...overlay, backing: { path: join(alpha.images, 'nobody.qcow2'), format: 'qcow2' } };
  await expect(volumes.make(hostId, missing)).rejects.toMatchObject({ libvirtCode: 38 });
  await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('no overlay is made outside all pools', async () => {
  const { volumes, hostId, overlay, fleet } = await rig('over-outside');
  const outside = { ...overlay, file: join(lab.dir, 'outside.qcow2') };
  await expect(volumes.make(hostId, outside)).rejects.toMatchObject({
    problem: { code: 'DESTINATION_NOT_IN_POOL', params: { folder: lab.dir, host: fleet.hosts()[0]?.name } },
  });
  expect(await volumes.poolOf(hostId, overlay.file)).toMatchObject({ name: 'default', running: true });
});

test('an overlay that was written to, or that is backed by another image, is not deleted', async () => {
  const { volumes, hostId, overlay, file } = await rig('over-written');
  await volumes.make(hostId, overlay);
  const other = { ...overlay, backing: { ...overlay.backing, path: `${overlay.backing.path}.other` } };
  await expect(volumes.remove(hostId, other)).rejects.toMatchObject({ problem: { code: 'OVERLAY_TOUCHED' } });
  // By itself: the image below is its guest's.
  const alone = { driver: 'qcow2', file: { driver: 'file', filename: file }, backing: null };
  await run('qemu-io', ['-c', 'write -q 0 512', `json:${JSON.stringify(alone)}`]);
  expect(await volumes.stateOf(hostId, overlay)).toBe('other');
  await expect(volumes.remove(hostId, overlay)).rejects.toMatchObject({
    problem: { code: 'OVERLAY_TOUCHED' },
  });
  expect((await stat(file)).size).toBeGreaterThan(0);
});

test('images are compared across hosts, by another path too', async () => {
  const { guest, fleet, hostId } = await rig('over-same');
  const { id: source } = fleet.add(alpha.uri).host();
  await expect.poll(() => fleet.hosts().map(({ state }) => state)).toEqual(['connected', 'connected']);
  const same = new ImageIdentities(fleet);
  const chain = guest.disks[0]?.images ?? [];
  const compare = async (path: string) =>
    (await same.compare(source, hostId, chain, { path, format: 'qcow2' })).map((one) => one.imageIdentity);
  expect(await compare(chain[0] ?? '')).toEqual(['same', 'same', 'same']);
  const link = join(lab.dir, 'mapped.qcow2');
  await symlink(chain[0] ?? '', link);
  onTestFinished(() => rm(link));
  expect(await compare(link)).toEqual(['same', 'same', 'same']);
  expect(await compare(chain[1] ?? '')).toEqual(['different', 'different', 'unknown']);
  expect(await compare('/nowhere')).toEqual(['missing', 'unknown', 'unknown']);
});
