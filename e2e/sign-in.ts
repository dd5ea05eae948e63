import type { Page } from '@playwright/test';
import type { Server } from './server.ts';

/** Signs in by a one-time link, as an operator does the first time. */
export async function signIn(page: Page, dashboard: Server): Promise<void> {
  await page.goto(await dashboard.signInLink());
  await page.getByRole('link', { name: 'Backchain, fleet overview' }).waitFor();
  // Before the page has come alive its buttons are only drawn: on a busy machine a click would be lost.
  await page.getByRole('banner').getByRole('status').filter({ hasText: 'live' }).waitFor();
}
