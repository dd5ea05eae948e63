import { guestOf } from '../lab/lab.ts';
import { expect, test } from './fixtures.ts';
import { guideChain, guideImages } from './guide-chain.ts';
import { ChainTable } from './pages/chain-table.ts';
import { GuestPage } from './pages/guest-page.ts';

test('the chain as a tree grid says what the graph says, and a base can be picked in it', async ({
  page,
  makeGuest,
}) => {
  const guest = await makeGuest(guideChain);
  const { active, snap1, base } = guideImages(guest);
  const at = await GuestPage.open(page, guest);
  await at.view('Table').click();
  const table = new ChainTable(page);
  await expect(table.images()).toHaveCount(4);
  await expect(table.image(active)).toContainText('active');
  await expect(table.image(base)).toContainText('base');
  await expect(table.image(base)).toContainText('raw');

  await table.image(active).press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(table.image(snap1)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(at.plan.title).toContainText('snap1.qcow2');
  await expect(table.image(snap1)).toHaveAttribute('aria-selected', 'true');
  await at.view('Graph').click();
  await expect(at.graph.image(snap1)).toHaveAttribute('aria-pressed', 'true');
});

test('regression: layers that merge are hatched in a table that is opened first', async ({
  page,
  makeGuest,
}) => {
  const guest = await makeGuest(guideChain);
  const { snap2, snap1 } = guideImages(guest);
  await GuestPage.open(page, guest);
  const query = new URLSearchParams({ view: 'table', image: snap1 });
  await page.goto(`${page.url().split('?')[0]}?${query}`);
  const table = new ChainTable(page);
  await expect(table.image(snap2)).toHaveCSS('background-image', /repeating-linear-gradient/);
  await expect(table.image(snap1)).toHaveCSS('background-image', 'none');
});

test('a shared image opens to the disks that share it', async ({ page, lab }) => {
  const guest = guestOf(lab, 'app-1');
  const golden = guest.disks[0]?.images.at(-1) ?? '';
  const at = await GuestPage.open(page, guest);
  await at.view('Table').click();
  const table = new ChainTable(page);
  await table.image(golden).press('ArrowRight');
  await expect(table.root.getByRole('row', { name: 'app-2 · vda' })).toBeVisible();
  await expect(table.root.getByRole('row', { name: 'app-3 · vda' })).toBeVisible();
  await table.image(golden).press('ArrowLeft');
  await expect(table.root.getByRole('row', { name: 'app-2 · vda' })).toBeHidden();
});
