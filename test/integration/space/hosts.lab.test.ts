import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { MiB } from '../../../lab/image.ts';
import { until } from '../../../lab/process.ts';
import { virsh } from '../../../lab/virsh.ts';
import { connect } from '../../../server/libvirt/index.ts';
import { openDashboard } from '../../support/dashboard.ts';
import { fill, guestOn, LARGE, moved, paused, standsStill, started } from '../../support/free-space.ts';
import { contentThere, toBeta, traveller } from '../../support/migrating.ts';
import { alpha, beta, contentOf, folder } from '../../support/rig.ts';

test('on a host whose files are unreachable its pool reports free space, also for an image that QEMU has only just made', async () => {
  const guest = await guestOn('space-far', 'none', LARGE);
  const pool = ['pool-create-as', 'space-far', 'dir', '--target', LARGE.fileSystem];
  await virsh(alpha, ...pool);
  onTestFinished(() => virsh(alpha, 'pool-destroy', 'space-far').then(() => {}));
  const parts = await openDashboard({
    uris: ['qemu+ssh://elsewhere/session'],
    database: join((await folder()).path, 'db.sqlite'),
    connectTo: (_uri, options) => connect(alpha.uri, options),
    reserve: { share: 1, most: 300 * MiB },
  });
  onTestFinished(parts.stop);
  const before = await contentOf(guest);
  const file = moved(guest, LARGE);
  guest.files.push(file);
  const intent = () => ({ kind: 'move', target: 'vda', file, strategy: 'copy' }) as const;
  const id = await started(parts, guest, { intent, ground: LARGE }, 'pause');
  const free = await fill(LARGE);
  await paused(parts, id);
  expect(await parts.operation(id)).toMatchObject({ paused: { fileSystem: LARGE.fileSystem } });
  await standsStill(parts, id, LARGE);
  await free();
  await parts.engine.setSpeed(id, 0, 'tester');
  expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  expect(await contentOf(guest)).toBe(before);
  expect(parts.broken).toEqual([]);
});

test('the pull that follows a migration is paused where it writes, at the destination', async () => {
  const name = 'space-go';
  const layers = [0, 1].map((level) => ({
    file: `${name}-${level}.qcow2`,
    writes: [{ pattern: level + 1, offset: level * 96 * MiB, length: level === 0 ? 96 * MiB : MiB }],
  }));
  const guest = await traveller({ name, disks: [{ layers, size: 128 * MiB }] });
  const { path } = await folder();
  const parts = await openDashboard({
    uris: [alpha.uri, beta.uri],
    database: join(path, 'db.sqlite'),
    reserve: { share: 1, most: 300 * MiB },
  });
  onTestFinished(parts.stop);
  await virsh(beta, 'pool-create-as', name, 'dir', '--target', LARGE.fileSystem);
  onTestFinished(() => virsh(beta, 'pool-destroy', name).then(() => {}));
  const file = join(LARGE.fileSystem, `${name}-there.qcow2`);
  onTestFinished(() => rm(file, { force: true }));
  const before = await contentOf(guest);
  const intent = toBeta(parts, { disks: [{ target: 'vda', file, from: null }] });
  const id = await started(parts, guest, { intent: () => intent, ground: LARGE }, 'pause');
  await until('the pull', async () => parts.progress.some(({ step, size }) => step === 2 && size > 0));
  const free = await fill(LARGE);
  await paused(parts, id);
  expect((await parts.operation(id)).paused).toMatchObject({ step: 2, fileSystem: LARGE.fileSystem });
  await standsStill(parts, id, LARGE);
  expect((await virsh(beta, 'domstate', guest.uuid)).trim()).toBe('running');
  await parts.engine.setSpeed(id, 0, 'tester');
  await free();
  expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded', paused: null });
  expect(await contentThere(guest)).toBe(before);
  expect(parts.broken).toEqual([]);
});
