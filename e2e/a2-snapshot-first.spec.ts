import { rm } from 'node:fs/promises';
import { capabilities } from '../lab/capabilities.ts';
import { digest } from '../lab/content.ts';
import { hostOf } from '../lab/lab.ts';
import { virsh } from '../lab/virsh.ts';
import { verifyWriter, waitForWrites } from '../lab/writer.ts';
import { expect, test } from './fixtures.ts';
import { chainOf, jobOn, nameOf } from './live-guest.ts';
import { GuestPage } from './pages/guest-page.ts';

test('A2 with a snapshot first: the images stay as they were, and the guest that writes loses nothing', async ({
  page,
  lab,
  makeWriter,
}) => {
  test.slow();
  const guest = await makeWriter(30);
  const [active = '', , base = ''] = guest.disks[0]?.images ?? [];
  const overlay = active.replace('.qcow2', '.kept.qcow2');
  const at = await GuestPage.open(page, guest);
  await at.graph.image(base).click();
  await at.plan.root.getByRole('checkbox', { name: 'Take a snapshot first' }).check();
  await at.plan.root.getByLabel('Name', { exact: true }).fill('kept');
  await expect(at.plan.root.getByLabel('New active image of vda')).toHaveValue(overlay);
  // Where libvirt can revert to it, it stays, and with it the images that it needs.
  const { revertsExternalSnapshots: keeps } = await capabilities();
  await expect(at.plan.root.getByRole('region', { name: 'Steps' }).getByRole('listitem')).toHaveText([
    /Take the snapshot “kept” of 1 disk/,
    new RegExp(`Pull 2 images into ${nameOf(overlay)}`),
    ...(keeps ? [] : [/Forget the metadata of snapshot kept/]),
  ]);
  const needed = at.plan.root.getByText('The snapshot kept keeps the images that leave the chain needed');
  await expect(needed).toHaveCount(keeps ? 1 : 0);
  await at.plan.limit.fill('1');
  await at.plan.start.click();

  const running = at.drawer.row(guest.name);
  await expect.poll(() => jobOn(lab, guest)).not.toBeNull();
  const frozen = await digest(active);
  await waitForWrites(guest, 60);
  await running.setLimit(0);
  await expect(at.notices.of(guest.name)).toContainText('The chain has 2 layers now.');
  expect(await chainOf(lab, guest)).toEqual([overlay, base]);
  expect(await virsh(hostOf(lab, guest.host), 'snapshot-list', guest.uuid, '--name')).toBe(
    keeps ? 'kept\n' : '',
  );
  await waitForWrites(guest, 30);
  expect(await verifyWriter(lab, guest)).toMatchObject({ lost: [], errors: [] });
  expect(await digest(active)).toBe(frozen);
  await rm(overlay);
});
