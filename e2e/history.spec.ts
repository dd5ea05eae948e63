import { digestOf } from '../lab/content.ts';
import { bigChain, bigImages } from './big-chain.ts';
import { expect, test } from './fixtures.ts';
import { guideChain, guideImages } from './guide-chain.ts';
import { GuestPage } from './pages/guest-page.ts';

test('what was done stays in the history, with every step and its result', async ({ page, makeGuest }) => {
  const guest = await makeGuest(guideChain);
  const { base } = guideImages(guest);
  const at = await GuestPage.open(page, guest);
  await at.flattenToward(base);
  await expect(at.notices.of(guest.name)).toContainText('succeeded');

  await page.getByRole('banner').getByRole('link', { name: 'Operations' }).click();
  const row = page.getByRole('row').filter({ hasText: guest.name });
  await expect(row).toContainText('succeeded');
  await expect(row).toContainText('admin');
  await row.getByRole('link', { name: /^pull toward/ }).click();
  const journal = page.getByRole('region', { name: 'Journal' });
  await expect(journal.getByRole('listitem')).toContainText([
    'Requested by admin',
    'Started',
    'Step 1: about to call libvirt',
    'Step 1: block job runs',
    /Step 1: done; growth /,
    'Succeeded: the result is as planned',
  ]);
  await expect(at.main).toContainText('4 layers → 2 layers');
});

test('regression: what ended while the history was loading was shown as running for good', async ({
  page,
  makeGuest,
}) => {
  const guest = await makeGuest(bigChain);
  const at = await GuestPage.open(page, guest);
  await at.flattenToward(bigImages(guest).base, 1);
  const running = at.drawer.row(guest.name);
  await expect(running.root).toBeVisible();
  const [read, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  await page.route(/\/operations\?_rsc=/, async (route) => {
    const response = await route.fetch();
    read.resolve();
    await over.promise;
    await route.fulfill({ response });
  });
  await page.getByRole('banner').getByRole('link', { name: 'Operations' }).click();
  await read.promise;
  await running.setLimit(0);
  await expect(at.notices.of(guest.name)).toContainText('succeeded');
  over.resolve();
  await expect(page.getByRole('row').filter({ hasText: guest.name })).toContainText('succeeded');
});

test('the history is narrowed by host', async ({ page, lab, makeGuest }) => {
  const [here, there] = await Promise.all([
    makeGuest(guideChain),
    makeGuest((name) => ({ ...guideChain(name), host: 'beta' })),
  ]);
  for (const guest of [here, there]) {
    const content = await digestOf(lab, guest);
    const at = await GuestPage.open(page, guest);
    await at.flattenToward(guideImages(guest).base);
    await expect(at.notices.of(guest.name)).toContainText('succeeded');
    expect(await digestOf(lab, guest)).toBe(content);
  }

  await page.goto('/operations');
  const row = (name: string) => page.getByRole('row').filter({ hasText: name });
  const host = page.getByRole('combobox', { name: 'Host' });
  await expect(new GuestPage(page).live).toHaveText('live');
  for (const [chosen, shown, hidden] of [
    ['beta', there, here],
    ['alpha', here, there],
  ] as const) {
    await host.selectOption(chosen);
    await expect(row(hidden.name)).toHaveCount(0);
    await expect(row(shown.name)).toBeVisible();
  }
  await host.selectOption('Any host');
  await expect(row(there.name)).toBeVisible();
});

test('the history is narrowed by guest, state and person, and its address leads to the same', async ({
  page,
  secondPage,
  makeGuest,
}) => {
  const guest = await makeGuest(guideChain);
  const { base } = guideImages(guest);
  const at = await GuestPage.open(page, guest);
  await at.flattenToward(base);
  await expect(at.notices.of(guest.name)).toContainText('succeeded');

  await page.goto('/operations');
  await expect(new GuestPage(page).live).toHaveText('live');
  const rows = page.getByRole('row').filter({ hasText: 'pull toward' });
  await page.getByRole('combobox', { name: 'Guest and disk' }).selectOption(guest.name);
  await expect(rows).toHaveCount(1);
  await page.getByRole('combobox', { name: 'Requested by' }).selectOption('admin');
  await page.getByRole('combobox', { name: 'State' }).selectOption('succeeded');
  await expect(rows).toContainText([guest.name]);

  await secondPage.goto(page.url());
  await expect(secondPage.getByRole('row').filter({ hasText: 'pull toward' })).toHaveCount(1);
  await expect(new GuestPage(secondPage).live).toHaveText('live');
  await secondPage.getByRole('combobox', { name: 'State' }).selectOption('failed');
  await expect(secondPage.getByText('No operation matches')).toBeVisible();
  await secondPage.getByRole('button', { name: 'Clear the filter' }).click();
  await expect(secondPage.getByRole('row').filter({ hasText: guest.name })).toBeVisible();
});
