import { expect, onTestFinished, test } from 'vitest';
import { activeOf, digest, digestOf } from './content.ts';
import { createGuest, destroyGuest } from './guest.ts';
import { MiB } from './image.ts';
import { hostOf } from './lab.ts';
import { run } from './run.ts';
import { virsh } from './virsh.ts';
import { lab } from './vitest-lab.ts';

const alpha = hostOf(lab, 'alpha');

test('the digest is that of what the guest reads: a pull keeps it, one changed sector does not', async () => {
  const guest = await createGuest(lab, { name: 'content-1', disks: [{ layers: 4, size: 64 * MiB }] });
  onTestFinished(() => destroyGuest(lab, guest));
  const before = await digestOf(lab, guest);
  const active = await activeOf(lab, guest, 'vda');
  await virsh(alpha, 'blockpull', guest.uuid, 'vda', '--wait');
  expect(await digestOf(lab, guest)).toBe(before);
  await virsh(alpha, 'destroy', guest.uuid);
  expect(await digest(active)).toBe(before);
  await run('qemu-io', ['-f', 'qcow2', '-c', `write -q -P 9 ${40 * MiB} 512`, active]);
  expect(await digest(active)).not.toBe(before);
});

test('a chain, a raw copy and a compressed one with the same content have the same digest', async () => {
  const guest = await createGuest(lab, {
    name: 'content-2',
    state: 'shut off',
    disks: [{ layers: 3, size: 64 * MiB }],
  });
  const active = guest.disks[0]?.images[0] ?? '';
  const copies = [`${active}.raw`, `${active}.packed`];
  guest.files.push(...copies);
  onTestFinished(() => destroyGuest(lab, guest));
  const [raw = '', packed = ''] = copies;
  await run('qemu-img', ['convert', '-O', 'raw', active, raw]);
  await run('qemu-img', ['convert', '-c', '-O', 'qcow2', active, packed]);
  const whole = await digest(active);
  expect(await digest(raw)).toBe(whole);
  expect(await digest(packed)).toBe(whole);
});
