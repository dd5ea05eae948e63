import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { guideChain, guideImages } from './guide-chain.ts';
import { GuestPage } from './pages/guest-page.ts';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

/** Pixels that the page is wider than the screen. */
function overhang(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

test('on a phone the fleet is a view of its own, and a chain can be planned and flattened', async ({
  page,
  makeGuest,
}) => {
  const guest = await makeGuest(guideChain);
  const at = new GuestPage(page);
  await page.goto('/');
  await expect(at.fleet.root).toBeHidden();
  expect(await overhang(page)).toBe(0);
  await page.getByRole('button', { name: 'Show the fleet' }).tap();
  await page.getByRole('link', { name: 'Operations', exact: true }).tap();
  await expect(page.getByRole('heading', { name: 'Operations', exact: true })).toBeVisible();
  await expect(at.fleet.root).toBeHidden();
  expect(await overhang(page)).toBe(0);
  await page.getByRole('button', { name: 'Show the fleet' }).tap();
  await at.fleet.guest(guest.name).tap();
  await expect(at.fleet.root).toBeHidden();
  await expect(at.graph.now(4)).toBeVisible();
  expect(await overhang(page)).toBe(0);

  await at.graph.image(guideImages(guest).base).tap();
  await expect(at.plan.start).toBeEnabled();
  expect(await overhang(page)).toBe(0);
  await at.plan.start.tap();
  await expect(at.notices.of(guest.name)).toContainText('The chain has 2 layers now.');
});
