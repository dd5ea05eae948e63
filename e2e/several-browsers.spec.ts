import { bigChain, bigImages } from './big-chain.ts';
import { expect, test } from './fixtures.ts';
import { GuestPage } from './pages/guest-page.ts';

test('progress survives a reload, and a second browser sees it and can cancel it', async ({
  page,
  secondPage,
  makeGuest,
}) => {
  const guest = await makeGuest(bigChain);
  const at = await GuestPage.open(page, guest);
  await at.flattenToward(bigImages(guest).base, 1);
  await expect.poll(() => at.drawer.row(guest.name).percent()).toBeGreaterThan(0);

  const before = await at.drawer.row(guest.name).percent();
  await page.reload();
  await expect.poll(() => at.drawer.row(guest.name).percent()).toBeGreaterThanOrEqual(before);

  const other = new GuestPage(secondPage);
  await secondPage.goto(page.url());
  await expect.poll(() => other.drawer.row(guest.name).percent()).toBeGreaterThanOrEqual(before);
  await other.drawer.row(guest.name).cancelForSure();
  await expect(other.notices.of(guest.name)).toContainText('cancelled');
  await expect(at.notices.of(guest.name)).toContainText('cancelled');
  await expect(at.drawer.heading).toHaveText('No operation running');
});
