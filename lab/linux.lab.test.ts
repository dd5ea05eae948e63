import { expect, onTestFinished, test } from 'vitest';
import { createGuest, destroyGuest } from './guest.ts';
import { hostOf } from './lab.ts';
import { awake, linuxSpec, runIn } from './linux.ts';
import { until } from './process.ts';
import { virsh } from './virsh.ts';
import { lab } from './vitest-lab.ts';

test('a real Linux has its disks mounted, an agent that libvirt reaches, and a shell', async () => {
  const guest = await createGuest(lab, await linuxSpec(lab, { name: 'linux' }));
  onTestFinished(() => destroyGuest(lab, guest));
  await awake(guest);
  expect(await runIn(lab, guest, 'cut -d" " -f1-3 /proc/mounts | grep ^/dev/vd')).toBe(
    '/dev/vda /vda ext4\n/dev/vdb /vdb ext4',
  );
  await expect(runIn(lab, guest, 'no-such-command')).rejects.toMatchObject({ code: 'failed' });
  const alpha = hostOf(lab, guest.host);
  const isConnected = async () => (await virsh(alpha, 'dumpxml', guest.uuid)).includes("state='connected'");
  await until('the agent', isConnected);
  expect(await virsh(alpha, 'domfsinfo', guest.uuid)).toMatch(/\/vda.*ext4(.|\n)*\/vdb.*ext4/);
});
