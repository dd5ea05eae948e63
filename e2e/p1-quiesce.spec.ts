import { rm } from 'node:fs/promises';
import { hostOf } from '../lab/lab.ts';
import { awake, linuxSpec, runIn } from '../lab/linux.ts';
import { until } from '../lab/process.ts';
import { virsh } from '../lab/virsh.ts';
import { expect, test } from './fixtures.ts';
import { chainOf } from './live-guest.ts';
import { ActionForm } from './pages/action-form.ts';
import { GuestPage } from './pages/guest-page.ts';

test('P1 a real agent brings the file systems to rest; once it is gone the form says so', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest((name) => linuxSpec(lab, { name }));
  const host = hostOf(lab, guest.host);
  await awake(guest);
  const agentIs = (state: string) =>
    until('the agent', async () => (await virsh(host, 'dumpxml', guest.uuid)).includes(`state='${state}'`));
  await agentIs('connected');

  const at = await GuestPage.open(page, guest, 'vda');
  const { root } = await ActionForm.open(page, 'Snapshot');
  await root.getByRole('checkbox', { name: /^Quiesce the guest/ }).check();
  await expect(at.plan.command).toContainText('--quiesce');
  await at.plan.start.click();
  await expect(at.notices.of(guest.name)).toContainText('snapshot “snapshot”: succeeded');
  expect(await runIn(lab, guest, 'cat /frozen')).toBe('freeze\nthaw');
  const [taken = ''] = await chainOf(lab, guest);
  const [other = ''] = await chainOf(lab, guest, 'vdb');

  await runIn(lab, guest, 'kill $(pidof qemu-ga)');
  await agentIs('disconnected');
  const again = await ActionForm.open(page, 'Snapshot');
  await again.root.getByRole('checkbox', { name: /^Quiesce the guest/ }).check();
  await expect(at.plan.refusal).toContainText('Start qemu-guest-agent in the guest');
  await expect(at.plan.start).toBeHidden();
  expect(await chainOf(lab, guest)).toHaveLength(2);
  await Promise.all([taken, other].map((path) => rm(path)));
});
