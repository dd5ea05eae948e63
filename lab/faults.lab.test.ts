import { expect, onTestFinished, test } from 'vitest';
import { freezeQemu, killDaemon, killQemu, startDaemon, thawQemu } from './faults.ts';
import { createGuest, destroyGuest } from './guest.ts';
import { hostOf, type LabGuest } from './lab.ts';
import { until } from './process.ts';
import { attempt } from './run.ts';
import { virsh } from './virsh.ts';
import { lab } from './vitest-lab.ts';

const beta = hostOf(lab, 'beta');

async function create(name: string): Promise<LabGuest> {
  const guest = await createGuest(lab, { host: 'beta', name });
  onTestFinished(() => destroyGuest(lab, guest));
  return guest;
}

test('a killed daemon leaves its guests running, and answers on the same socket when it is started again', async () => {
  const guest = await create('fault-daemon');
  const idBefore = await virsh(beta, 'domid', guest.uuid);
  await killDaemon(lab, beta);
  expect((await attempt('virsh', ['--quiet', '--connect', beta.uri, 'uri'])).status).not.toBe(0);
  await startDaemon(lab, beta);
  expect((await virsh(beta, 'domstate', guest.uuid)).trim()).toBe('running');
  expect(await virsh(beta, 'domid', guest.uuid)).toBe(idBefore);
});

test('a killed QEMU is noticed by libvirt', async () => {
  const guest = await create('fault-qemu');
  await killQemu(lab, guest);
  await until(
    'libvirt to notice',
    async () => (await virsh(beta, 'domstate', guest.uuid)).trim() === 'shut off',
  );
  await expect(killQemu(lab, guest)).rejects.toMatchObject({ code: 'no-process' });
});

test('a frozen QEMU answers when it is thawed, not before', async () => {
  const guest = await create('fault-frozen');
  await freezeQemu(lab, guest);
  let answered = false;
  const answer = virsh(beta, 'qemu-monitor-command', guest.uuid, '--hmp', 'info status').finally(() => {
    answered = true;
  });
  expect((await virsh(beta, 'domstate', guest.uuid)).trim()).toBe('running');
  expect(answered).toBe(false);
  await thawQemu(lab, guest);
  expect(await answer).toContain('running');
});
