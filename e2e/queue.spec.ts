import { bigChain, bigImages } from './big-chain.ts';
import { expect, test } from './fixtures.ts';
import { chainOf } from './live-guest.ts';
import { GuestPage } from './pages/guest-page.ts';

test('two flattens of a host run at once, the third waits for its turn', async ({ page, lab, makeGuest }) => {
  const guests = await Promise.all([makeGuest(bigChain), makeGuest(bigChain), makeGuest(bigChain)]);
  const [first, second, third] = guests;
  for (const guest of guests) {
    const at = await GuestPage.open(page, guest);
    await at.flattenToward(bigImages(guest).base, 1);
    await expect(at.drawer.row(guest.name).root).toBeVisible();
  }
  const { drawer, notices } = new GuestPage(page);
  await expect(drawer.heading).toHaveText('2 running, 1 queued');
  await expect(drawer.row(third.name).root).toContainText('waiting for its turn');

  await drawer.row(first.name).setLimit(0);
  await expect(notices.of(first.name)).toContainText('succeeded');
  await expect(drawer.row(third.name).root).not.toContainText('waiting for its turn');

  await drawer.row(third.name).setLimit(0);
  await drawer.row(second.name).setLimit(0);
  await expect(drawer.heading).toHaveText('No operation running');
  for (const guest of guests) {
    const { active, base } = bigImages(guest);
    expect(await chainOf(lab, guest)).toEqual([active, base]);
  }
});

test('what waits can be cancelled, and never starts', async ({ page, lab, makeGuest }) => {
  const guests = await Promise.all([makeGuest(bigChain), makeGuest(bigChain), makeGuest(bigChain)]);
  const third = guests[2];
  for (const guest of guests) {
    const at = await GuestPage.open(page, guest);
    await at.flattenToward(bigImages(guest).base, 1);
    await expect(at.drawer.row(guest.name).root).toBeVisible();
  }
  const { drawer, notices } = new GuestPage(page);
  await expect(drawer.row(third.name).root).toContainText('queued');
  await drawer.row(third.name).cancelForSure();
  await expect(notices.of(third.name)).toContainText('cancelled');
  await expect(drawer.heading).toHaveText('2 running');
  expect(await chainOf(lab, third)).toHaveLength(3);
  for (const guest of guests.slice(0, 2)) await drawer.row(guest.name).cancelForSure();
  await expect(drawer.heading).toHaveText('No operation running');
});
