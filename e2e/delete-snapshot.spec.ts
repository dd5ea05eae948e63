import { capabilities } from '../lab/capabilities.ts';
import { digestOf } from '../lab/content.ts';
import { hostOf } from '../lab/lab.ts';
import { virsh } from '../lab/virsh.ts';
import { expect, test } from './fixtures.ts';
import { chainOf, nameOf } from './live-guest.ts';
import { ActionForm } from './pages/action-form.ts';
import { GuestPage } from './pages/guest-page.ts';
import { twoSnapshots } from './two-snapshots.ts';

test('a snapshot is deleted and the other one stays; an older libvirt can’t, and the menu says so', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(twoSnapshots);
  const host = hostOf(lab, guest.host);
  const [active = '', one = '', base = ''] = await chainOf(lab, guest);
  const present = await digestOf(lab, guest);
  const at = await GuestPage.open(page, guest);
  if (!(await capabilities()).revertsExternalSnapshots) {
    await page.getByRole('button', { name: 'Actions' }).click();
    const action = page.getByRole('dialog').getByRole('button', { name: /^Delete a snapshot / });
    await expect(action).toHaveAccessibleName(/libvirt 9\.9/);
    await expect(action).toHaveAttribute('aria-disabled', 'true');
    return;
  }
  const { root } = await ActionForm.open(page, 'Delete a snapshot');
  await expect(at.plan.start).toBeHidden();
  await root.getByRole('radio', { name: /^one/ }).check();
  await expect(root.getByRole('region', { name: 'Steps' }).getByRole('listitem')).toHaveText([
    new RegExp(`Delete the snapshot “one” with libvirt, which merges ${nameOf(one)} into what it froze`),
  ]);
  await expect(at.plan.command).toContainText(`snapshot-delete ${guest.name} --snapshotname one`);
  await at.plan.start.click();

  await expect(at.notices.of(guest.name)).toContainText('delete snapshot “one”: succeeded');
  await expect(at.graph.now(2)).toBeVisible();
  expect(await chainOf(lab, guest)).toEqual([active, base]);
  expect((await virsh(host, 'snapshot-list', guest.uuid, '--name')).trim()).toBe('two');
  expect(await digestOf(lab, guest)).toBe(present);
});
