import { link, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { MiB } from '../../../lab/image.ts';
import { run } from '../../../lab/run.ts';
import { virsh } from '../../../lab/virsh.ts';
import { alpha, fleetOf, guestFor } from '../testing.ts';
import { imageUses } from './image-uses.ts';

const size = 16 * MiB;

test('an image has all its users, by whatever path they name it', async () => {
  const made = await guestFor({ name: 'uses-1', disks: [{ layers: 3, size }] });
  const [, middle = '', base = ''] = made.disks[0]?.images ?? [];
  const hard = join(alpha.images, 'uses-hard.qcow2');
  const over = join(alpha.images, 'uses-over.qcow2');
  onTestFinished(async () => void (await Promise.all([hard, over].map((path) => rm(path, { force: true })))));
  await link(base, hard);
  await run('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', hard, '-F', 'qcow2', over]);
  const layers = [{ file: hard, existing: true }, { file: 'uses-2.qcow2' }];
  const other = await guestFor({ name: 'uses-2', state: 'shut off', disks: [{ layers, size }] });
  await virsh(alpha, 'snapshot-create-as', made.uuid, 'mark', '--disk-only');
  onTestFinished(() => rm(join(alpha.images, 'uses-1-vda-2.mark'), { force: true }));
  const { fleet, hostId } = await fleetOf();
  const uses = await imageUses(fleet, hostId);
  const of = (key: string) => uses.filter((one) => one.key === key || one.key === hard);
  const vda = (uuid: string, guestName: string) => ({ hostId, uuid, guestName, target: 'vda' });
  expect(of(base)).toHaveLength(1);
  const [found] = of(base);
  expect(new Set(found?.users)).toEqual(new Set([vda(made.uuid, 'uses-1'), vda(other.uuid, 'uses-2')]));
  expect(new Set(found?.overlays)).toEqual(new Set([middle, over, join(alpha.images, 'uses-2.qcow2')]));
  const active = uses.find(({ key }) => key === made.disks[0]?.images[0]);
  expect(active?.records).toEqual([{ hostId, uuid: made.uuid, guestName: 'uses-1', record: 'mark' }]);
});
