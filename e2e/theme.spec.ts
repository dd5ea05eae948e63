import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

function background(page: Page): Promise<string> {
  return page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
}

test('the look follows the system until somebody chooses, and the choice is kept', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto('/');
  const dark = await background(page);
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await background(page);
  expect(light).not.toBe(dark);

  await page.getByRole('button', { name: 'Account' }).click();
  const kept = page.waitForResponse((response) => response.request().method() === 'POST');
  await page.getByRole('radiogroup', { name: 'Theme' }).getByText('Dark').click();
  await expect.poll(() => background(page)).toBe(dark);
  await kept;
  await page.reload();
  expect(await background(page)).toBe(dark);
});

test('regression: a menu that was opened before the page’s scripts ran was empty', async ({ page }) => {
  const scripts = Promise.withResolvers<void>();
  await page.route('**/*.js', async (route) => {
    await scripts.promise;
    await route.continue();
  });
  await page.goto('/', { waitUntil: 'commit' });
  await page.getByRole('button', { name: 'Account' }).click();
  await expect(page.getByRole('dialog', { name: 'Account' })).toBeVisible();
  scripts.resolve();
  await expect(page.getByRole('radiogroup', { name: 'Theme' })).toBeVisible();
});
