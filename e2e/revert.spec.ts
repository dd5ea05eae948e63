import { capabilities } from '../lab/capabilities.ts';
import { digest, digestOf } from '../lab/content.ts';
import { hostOf } from '../lab/lab.ts';
import { run } from '../lab/run.ts';
import { virsh } from '../lab/virsh.ts';
import { expect, test } from './fixtures.ts';
import { chainOf, nameOf } from './live-guest.ts';
import { ActionForm } from './pages/action-form.ts';
import { GuestPage } from './pages/guest-page.ts';
import { twoSnapshots } from './two-snapshots.ts';

test('a guest goes back to a snapshot and keeps its present; an older libvirt can’t, and the menu says so', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(twoSnapshots);
  const host = hostOf(lab, guest.host);
  const [active = '', , base = ''] = await chainOf(lab, guest);
  const present = await digestOf(lab, guest);
  const at = await GuestPage.open(page, guest);
  if (!(await capabilities()).revertsExternalSnapshots) {
    await page.getByRole('button', { name: 'Actions' }).click();
    const action = page.getByRole('dialog').getByRole('button', { name: /^Revert to a snapshot / });
    await expect(action).toHaveAccessibleName(/libvirt 9\.9/);
    await expect(action).toHaveAttribute('aria-disabled', 'true');
    return;
  }
  const { root } = await ActionForm.open(page, 'Revert to a snapshot');
  await expect(at.plan.start).toBeHidden();
  await root.getByRole('radio', { name: /^one/ }).check();
  await expect(root.getByRole('checkbox', { name: 'Keep the present as a snapshot first' })).toBeChecked();
  await expect(root.getByRole('region', { name: 'Steps' }).getByRole('listitem')).toHaveText([
    new RegExp(`Stop ${guest.name} at once`),
    /Take the snapshot “before-revert” of 1 disk/,
    /Revert to “one”/,
  ]);
  await expect(root).toContainText('stays off after the revert');
  await root.getByRole('checkbox', { name: 'Keep the present as a snapshot first' }).uncheck();
  await expect(root).toContainText(`libvirt deletes ${nameOf(active)}`);
  await root.getByRole('checkbox', { name: 'Keep the present as a snapshot first' }).check();
  await root.getByLabel('Name', { exact: true }).fill('as it was');
  await expect(at.plan.command).toContainText(`snapshot-revert ${guest.name} --snapshotname one`);
  await at.plan.start.click();

  await expect(at.notices.of(guest.name)).toContainText('revert to “one”: succeeded');
  await expect(at.graph.now(2)).toBeVisible();
  // libvirt describes no chain of a guest that is off.
  const [made = ''] = await chainOf(lab, guest);
  guest.files.push(made);
  const header = JSON.parse(await run('qemu-img', ['info', '--output=json', made]));
  expect(header['full-backing-filename']).toBe(base);
  expect(await digestOf(lab, guest)).toBe(await digest(base));
  expect((await virsh(host, 'domstate', guest.uuid)).trim()).toBe('shut off');
  // Whoever asks libvirt finds the present there. It names new images by the second.
  const second = () => Math.floor(Date.now() / 1000);
  const reverted = second();
  await expect.poll(second).toBeGreaterThan(reverted);
  await virsh(host, 'snapshot-revert', guest.uuid, 'as it was');
  guest.files.push(...(await chainOf(lab, guest)));
  expect(await digestOf(lab, guest)).toBe(present);
});
