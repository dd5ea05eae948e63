import { digestOf } from '../lab/content.ts';
import { guestOf } from '../lab/lab.ts';
import { expect, test } from './fixtures.ts';
import { chainOf, nameOf } from './live-guest.ts';
import { GuestPage } from './pages/guest-page.ts';

test('a missing image and an unreadable folder are named where the chain would be', async ({ page, lab }) => {
  const lost = guestOf(lab, 'lost-1');
  const missing = await GuestPage.open(page, lost);
  await expect(missing.main).toContainText('missing');
  await missing.graph.flattenCompletely.click();
  await expect(missing.plan.refusal).toContainText(
    `${nameOf(lost.disks[0]?.images.at(-1) ?? '')} is missing. Restore the file`,
  );

  const vault = await GuestPage.open(page, guestOf(lab, 'vault-1'));
  await expect(vault.main).toContainText('can’t be opened: permission denied. Check its owner and mode');
});

test('an empty drive has no chain, and says so', async ({ page, lab }) => {
  const at = await GuestPage.open(page, guestOf(lab, 'files-1'), 'sda');
  await expect(at.main).toContainText('sda is an empty drive');
});

test('a disk that is a storage volume is drawn and flattened like any other', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(() => ({ disks: [{ layers: 3, pool: 'default' }] }));
  const content = await digestOf(lab, guest);
  const [, , base = ''] = guest.disks[0]?.images ?? [];
  const at = await GuestPage.open(page, guest);
  await expect(at.graph.now(3)).toBeVisible();
  await at.flattenToward(base);
  await expect(at.notices.of(guest.name)).toContainText('The chain has 2 layers now.');
  expect(await chainOf(lab, guest)).toHaveLength(2);
  expect(await digestOf(lab, guest)).toBe(content);
});

test('file names with spaces, quotes, & and unicode are shown as they are', async ({ page, lab }) => {
  const { graph, plan } = await GuestPage.open(page, guestOf(lab, 'wiki'));
  const [active = '', base = ''] = guestOf(lab, 'wiki').disks[0]?.images ?? [];
  await expect(graph.image(active)).toBeVisible();
  await graph.image(base).click();
  await expect(plan.root).toContainText(
    'already backs the active image directly; there is nothing to flatten.',
  );
});
