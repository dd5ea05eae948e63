import { expect, test } from './fixtures.ts';
import { guideChain, guideImages } from './guide-chain.ts';
import { ActionForm } from './pages/action-form.ts';
import { GuestPage } from './pages/guest-page.ts';

test('Back leads through what was opened: a plan, another base, a form, a view', async ({
  page,
  makeGuest,
}) => {
  const guest = await makeGuest(guideChain);
  const { snap1, base } = guideImages(guest);
  const at = await GuestPage.openFromList(page, guest);
  const plain = page.url();
  await at.graph.image(snap1).click();
  await expect(at.plan.title).toContainText('snap1.qcow2');
  await at.graph.image(base).click();
  await expect(at.plan.title).not.toContainText('snap1.qcow2');
  await at.view('Table').click();
  await expect(page.getByRole('treegrid')).toBeVisible();
  const form = await ActionForm.open(page, 'Snapshot');
  await form.close.click();
  await expect(form.close).toBeHidden();

  await page.goBack();
  await expect(form.close).toBeVisible();
  await page.goBack();
  await expect(form.close).toBeHidden();
  await expect(page.getByRole('treegrid')).toBeVisible();
  await page.goBack();
  await expect(at.graph.image(base)).toHaveAttribute('aria-pressed', 'true');
  await page.goBack();
  await expect(at.plan.title).toContainText('snap1.qcow2');
  await page.goBack();
  await expect(at.plan.title).toBeHidden();
  expect(page.url()).toBe(plain);
  await page.goForward();
  await expect(at.plan.title).toContainText('snap1.qcow2');
});

test('a plan that was started is not there to go back to', async ({ page, makeGuest }) => {
  const guest = await makeGuest(guideChain);
  const { base } = guideImages(guest);
  const at = await GuestPage.openFromList(page, guest);
  await at.flattenToward(base);
  await expect(at.notices.of(guest.name)).toContainText('The chain has 2 layers now.');
  expect(page.url()).not.toContain('image=');
  await page.goBack();
  await page.goBack();
  await expect(page).toHaveURL(/\/$/);
});

test('a search that opened its only hit is over, and a search for several is ended in one place', async ({
  page,
  makeGuest,
}) => {
  const guest = await makeGuest(guideChain);
  await page.goto('/');
  const { fleet } = new GuestPage(page);
  await fleet.search.fill(guest.uuid);
  await expect(fleet.guests()).toHaveCount(1);
  await fleet.search.press('Enter');
  await expect(page).toHaveURL(new RegExp(guest.uuid));
  await expect(fleet.search).toHaveValue('');
  await expect(fleet.guest('mail')).toBeAttached();
  await expect(fleet.guest(guest.name)).toBeInViewport();

  await fleet.search.fill('app-');
  await expect(fleet.guests()).toHaveCount(3);
  await fleet.root.getByRole('button', { name: 'Clear the search' }).click();
  await expect(fleet.guest('mail')).toBeAttached();
});

test('a merge says that its other end moved with it', async ({ page, makeGuest }) => {
  const guest = await makeGuest(guideChain);
  const { snap1, active } = guideImages(guest);
  await GuestPage.openFromList(page, guest);
  const form = await ActionForm.open(page, 'Commit images');
  const [top, base] = [form.root.getByLabel('From'), form.root.getByLabel('Into')];
  const changedToo = form.root.getByText(/^Changed as well: /);
  await top.selectOption(active);
  await expect(changedToo).toBeHidden();
  await base.selectOption(snap1);
  await expect(changedToo).toBeHidden();
  await top.selectOption(snap1);
  await expect(base).not.toHaveValue(snap1);
  await expect(changedToo).toHaveText(
    'Changed as well: it has to be below the image that the commit begins from.',
  );
  await top.selectOption(active);
  await expect(changedToo).toBeHidden();
});
