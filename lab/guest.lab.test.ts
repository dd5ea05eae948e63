import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createGuest, destroyGuest } from './guest.ts';
import { MiB } from './image.ts';
import { hostOf } from './lab.ts';
import { liveChains } from './live-chain.ts';
import { virsh } from './virsh.ts';
import { lab } from './vitest-lab.ts';

const alpha = hostOf(lab, 'alpha');

test('a throw-away guest comes with its chains and snapshot records, and goes with all of them', async () => {
  const guest = await createGuest(lab, {
    name: 'throw-away',
    disks: [
      { layers: 5 },
      {
        target: 'vdb',
        size: 64 * MiB,
        layers: [
          { file: 'throw-away-b0.img', format: 'raw', writes: [{ pattern: 7, offset: 0, length: MiB }] },
          { file: 'throw-away-b1.qcow2', snapshot: 'first' },
        ],
      },
    ],
  });
  expect(await liveChains(lab, guest)).toEqual(guest.disks);
  expect(guest.disks.map(({ images }) => images.length)).toEqual([5, 2]);
  expect((await virsh(alpha, 'snapshot-list', guest.uuid, '--name')).trim()).toBe('first');
  expect(guest.files).toHaveLength(7);
  expect(guest.files.every((path) => existsSync(path))).toBe(true);
  await destroyGuest(lab, guest);
  expect(await virsh(alpha, 'list', '--all', '--name')).not.toContain('throw-away');
  expect(guest.files.some((path) => existsSync(path))).toBe(false);
});

test('a write that is no whole cluster is refused, since the layers below would have to be read', async () => {
  const layers = [{ file: 'unaligned.qcow2', writes: [{ pattern: 1, offset: 512, length: 512 }] }];
  await expect(createGuest(lab, { name: 'unaligned', disks: [{ layers }] })).rejects.toMatchObject({
    code: 'unaligned',
  });
});
