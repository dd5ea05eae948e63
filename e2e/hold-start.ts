import type { Page } from '@playwright/test';

/** Delays a page's click on Start before it reaches the server, until `release`. */
export async function holdStart(page: Page): Promise<{ held: Promise<void>; release: () => void }> {
  const arrived = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  await page.route('**/api/trpc/operations.start*', async (route) => {
    arrived.resolve();
    await released.promise;
    await route.continue();
  });
  return { held: arrived.promise, release: () => released.resolve() };
}
