import { expect, test } from './fixtures.ts';
import { guideChain, guideImages } from './guide-chain.ts';
import { nameOf } from './live-guest.ts';
import { ActionForm } from './pages/action-form.ts';
import { GuestPage } from './pages/guest-page.ts';

test('a form opens by the menu, from the keyboard alone, and gives the focus back when it is closed', async ({
  page,
  makeGuest,
}) => {
  const guest = await makeGuest(guideChain);
  const at = await GuestPage.open(page, guest);
  const menu = page.getByRole('button', { name: 'Actions' });
  await menu.focus();
  await page.keyboard.press('Enter');
  const items = page.getByRole('dialog', { name: 'Actions' }).getByRole('button');
  await expect(items.first()).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(items.nth(1)).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/do=snapshot/);
  const form = new ActionForm(page);
  await expect(form.root.getByRole('heading', { name: `Snapshot of ${guest.name}` })).toBeFocused();
  await expect(at.plan.start).toBeEnabled();
  await page.keyboard.press('Escape');
  await expect(form.close).toBeHidden();
  await expect(menu).toBeFocused();
  expect(page.url()).not.toContain('do=');
});

test('the address of a form opens it, and the graph shows what its plan makes of the chain', async ({
  page,
  makeGuest,
}) => {
  const guest = await makeGuest(guideChain);
  const { active, snap2, snap1 } = guideImages(guest);
  const at = await GuestPage.open(page, guest);
  await page.goto(`${page.url()}?do=snapshot`);
  await expect(at.graph.after(5)).toBeVisible();
  await expect(at.plan.root).toContainText('What happens to the images of vda');

  await page.goto(page.url().replace('do=snapshot', `do=merge-down&image=${encodeURIComponent(snap1)}`));
  await expect(at.graph.after(3)).toBeVisible();
  await expect(at.graph.image(snap2)).toHaveAccessibleName(/, merges/);
  await expect(at.graph.image(snap1)).toHaveAccessibleName(/, receives/);
  await expect(at.graph.image(active)).toHaveAccessibleName(/, stays/);
  await expect(at.plan.root).toContainText(nameOf(snap1));
});

test('a change of the form makes another plan, and what the server refuses is shown there', async ({
  page,
  makeGuest,
}) => {
  const guest = await makeGuest(guideChain);
  const at = await GuestPage.open(page, guest);
  const form = await ActionForm.open(page, 'Snapshot');
  await expect(at.plan.start).toBeEnabled();
  const name = form.root.getByRole('textbox', { name: 'Name' });
  await name.fill('snap1');
  await expect(at.plan.start).toBeHidden();
  await name.fill('before the update');
  await expect(at.plan.start).toBeEnabled();
  await expect(at.plan.root).toContainText('before the update');
});

test('what is impossible here is shown in the menu', async ({ page, lab }) => {
  const guest = lab.guests.find(({ name }) => name === 'report-1');
  if (guest === undefined) throw new Error('The lab has no guest that is shut off');
  await GuestPage.open(page, guest);
  await page.getByRole('button', { name: 'Actions' }).click();
  const items = page.getByRole('dialog', { name: 'Actions' });
  const migrate = items.getByRole('button', { name: /^Migrate / });
  await expect(migrate).toHaveAccessibleName(/not running/);
  await migrate.press('Enter');
  await expect(items).toBeVisible();
  expect(page.url()).not.toContain('do=');
});

test('a form fits a narrow window, and comes into view', async ({ page, makeGuest }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const guest = await makeGuest(guideChain);
  await page.goto('/');
  await page.getByRole('button', { name: 'Show the fleet' }).click();
  const at = new GuestPage(page);
  await at.fleet.guest(guest.name).press('Enter');
  const form = await ActionForm.open(page, 'Snapshot');
  await expect(form.root.getByRole('heading', { name: `Snapshot of ${guest.name}` })).toBeInViewport();
  await expect(at.plan.start).toBeEnabled();
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBe(390);
});
