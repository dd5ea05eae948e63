import { bigChain, bigImages } from './big-chain.ts';
import { expect, test } from './fixtures.ts';
import { guideChain, guideImages } from './guide-chain.ts';
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

test('regression: the end of an operation that started before the page listened was never shown', async ({
  page,
  secondPage,
  makeGuest,
}) => {
  const guest = await makeGuest(guideChain);
  // A page that does not listen shows what the dashboard knew when it was drawn.
  const other = await GuestPage.open(secondPage, guest);
  await expect(other.graph.now(4)).toBeVisible();
  // Without shared workers a page opens its stream by itself, where a test can delay it.
  await page.addInitScript(() => Reflect.deleteProperty(window, 'SharedWorker'));
  const listening = Promise.withResolvers<void>();
  await page.route('**/api/trpc/events.stream*', async (route) => {
    await listening.promise;
    await route.continue();
  });
  const at = await GuestPage.openFromList(page, guest);
  await at.flattenToward(guideImages(guest).base);
  await secondPage.goto('/operations');
  await expect(secondPage.getByRole('row').filter({ hasText: guest.name })).toContainText('succeeded');
  await expect(at.live).not.toHaveText('live');
  listening.resolve();
  await expect(at.notices.of(guest.name)).toContainText('The chain has 2 layers now.');
  await expect(at.graph.now(2)).toBeVisible();
});
