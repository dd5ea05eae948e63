import type { Locator, Page } from '@playwright/test';
import { digestOf } from '../lab/content.ts';
import { expect, test } from './fixtures.ts';
import { guideChain, guideImages } from './guide-chain.ts';
import { chainOf } from './live-guest.ts';
import { GuestPage } from './pages/guest-page.ts';

/** Presses Tab until the focus is there. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await expect(async () => {
    await page.keyboard.press('Tab');
    await expect(wanted).toBeFocused({ timeout: 1 });
  }).toPass({ intervals: [0] });
}

test('a chain is found, planned and flattened by keyboard alone', async ({ page, lab, makeGuest }) => {
  const guest = await makeGuest(guideChain);
  const { active, base } = guideImages(guest);
  const content = await digestOf(lab, guest);
  const { fleet, graph, live, plan, notices } = new GuestPage(page);
  await page.goto('/');
  // A key that is pressed before the page's scripts run is lost.
  await expect(live).toHaveText('live');
  await page.keyboard.press('Control+k');
  await page.keyboard.type(guest.name);
  await expect(fleet.guests()).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(graph.image(active)).toBeVisible();

  await tabTo(page, graph.image(active));
  for (let step = 0; step < 3; step++) await page.keyboard.press('ArrowLeft');
  await expect(graph.image(base)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(plan.title).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(plan.title).toBeHidden();
  await page.keyboard.press('Enter');

  await expect(plan.start).toBeEnabled();
  await tabTo(page, plan.start);
  await page.keyboard.press('Enter');
  await expect(notices.of(guest.name)).toContainText('The chain has 2 layers now.');
  expect(await chainOf(lab, guest)).toEqual([active, base]);
  expect(await digestOf(lab, guest)).toBe(content);
});
