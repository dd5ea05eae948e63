import { GiB } from '../lab/image.ts';
import { expect, test } from './fixtures.ts';
import { guideChain, guideImages } from './guide-chain.ts';
import { GuestPage } from './pages/guest-page.ts';

test('guests that depend on the chain of a plan are highlighted in the fleet, for as long as the plan is shown', async ({
  page,
  makeGuest,
}) => {
  const guest = await makeGuest(guideChain);
  const { base, snap1 } = guideImages(guest);
  const other = await makeGuest((name) => ({
    disks: [{ size: GiB, layers: [{ file: snap1, existing: true }, { file: `${name}.qcow2` }] }],
  }));
  const at = await GuestPage.open(page, guest);
  const row = at.fleet.guest(other.name);
  await expect(row).toBeVisible();
  await expect(row).not.toContainText('on this chain');
  await at.graph.image(base).click();
  await expect(at.plan.root).toContainText(other.name);
  await expect(row).toContainText('on this chain');
  await expect(at.fleet.guest(guest.name)).not.toContainText('on this chain');
  await row.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/h/[^/]+/${other.uuid}`));
  await expect(at.fleet.root).not.toContainText('on this chain');
});
