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
    /Step 1: done, .* copied/,
    'Succeeded: the chain has the planned shape',
  ]);
  await expect(at.main).toContainText('4 layers → 2 layers');
});
