import { guestOf } from '../lab/lab.ts';
import { expect, test } from './fixtures.ts';
import { Fleet } from './pages/fleet.ts';
import { GuestPage } from './pages/guest-page.ts';

test('all guests of both hosts are in the list, with state and depth', async ({ page, lab }) => {
  await page.goto('/');
  const fleet = new Fleet(page);
  for (const { name, host } of lab.guests) {
    await expect(fleet.host(host).getByRole('link', { name: new RegExp(`^${name} `) })).toBeVisible();
  }
  await expect(fleet.guest('mail')).toHaveAccessibleName(/running.*12 layers, a deep chain/);
  await expect(fleet.guest('batch-1')).toHaveAccessibleName(/paused/);
  await expect(fleet.guest('report-1')).toHaveAccessibleName(/shut off.*3 layers/);
});

test('a search finds guests by name, image and UUID', async ({ page, lab }) => {
  await page.goto('/');
  const fleet = new Fleet(page);
  await fleet.search.fill('legacy');
  await expect(fleet.guests()).toHaveText([/legacy-1/]);
  await fleet.search.fill('debian-12-golden');
  await expect(fleet.guests()).toHaveText([/app-1/, /app-2/, /app-3/]);
  await fleet.search.fill(guestOf(lab, 'wiki').uuid);
  await expect(fleet.guests()).toHaveText([/wiki/]);
  await fleet.search.fill('no such thing');
  await expect(fleet.root).toContainText('No guest, image or UUID contains “no such thing”.');
  await fleet.search.press('Escape');
  await expect(fleet.guest('mail')).toBeVisible();
});

test('the list is sorted by name, by depth and by size', async ({ page }) => {
  await page.goto('/');
  const fleet = new Fleet(page);
  const first = fleet.host('alpha').getByRole('listitem').first();
  await expect(first).toContainText('app-1');
  await fleet.sort('Depth').click();
  await expect(first).toContainText('deep');
  await fleet.sort('Size').click();
  await expect(first).not.toContainText('deep');
});

test('search, list and page are led by keys alone', async ({ page }) => {
  await page.goto('/');
  const at = new GuestPage(page);
  await page.keyboard.press('Control+k');
  await expect(at.fleet.search).toBeFocused();
  await page.keyboard.type('app-');
  await page.keyboard.press('ArrowDown');
  await expect(at.fleet.guest('app-1')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(at.fleet.guest('app-2')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(at.graph.now(2)).toBeVisible();
  await expect(at.fleet.guest('app-2')).toHaveAttribute('aria-current', 'page');
});
