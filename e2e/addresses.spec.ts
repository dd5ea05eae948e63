import { guestOf } from '../lab/lab.ts';
import { expect, test } from './fixtures.ts';
import { guideChain, guideImages } from './guide-chain.ts';
import { ActionForm } from './pages/action-form.ts';
import { GuestPage } from './pages/guest-page.ts';

test('an address holds guest, disk, picked base and view, and opens the same elsewhere', async ({
  page,
  secondPage,
  makeGuest,
}) => {
  const guest = await makeGuest(guideChain);
  const { snap1 } = guideImages(guest);
  const { graph, plan } = await GuestPage.open(page, guest);
  await graph.image(snap1).click();
  await expect(plan.title).toContainText('snap1.qcow2');

  await secondPage.goto(page.url());
  const other = new GuestPage(secondPage);
  await expect(other.plan.title).toContainText('snap1.qcow2');
  await expect(other.graph.image(snap1)).toHaveAttribute('aria-pressed', 'true');
  await other.view('Table').click();
  await expect(secondPage.getByRole('treegrid')).toBeVisible();
  await secondPage.reload();
  await expect(secondPage.getByRole('treegrid')).toBeVisible();
  await expect(other.plan.title).toContainText('snap1.qcow2');
});

test('the browser’s back button leads through what was seen before', async ({ page, lab }) => {
  const at = await GuestPage.open(page, guestOf(lab, 'mail'));
  await expect(at.graph.now(12)).toBeVisible();
  await at.fleet.guest('wiki').press('Enter');
  await expect(at.graph.now(2)).toBeVisible();
  await page.goBack();
  await expect(at.graph.now(12)).toBeVisible();
});

test('an address holds what a form says, and opens it elsewhere with the same plan', async ({
  page,
  secondPage,
  makeGuest,
}) => {
  const guest = await makeGuest(guideChain);
  const { plan } = await GuestPage.open(page, guest);
  const name = ({ root }: ActionForm) => root.getByLabel('Name', { exact: true });
  const form = await ActionForm.open(page, 'Snapshot');
  await name(form).press('End');
  await name(form).pressSequentially('-by-key');
  await expect(plan.command).toContainText('snapshot-by-key');
  await expect(page).toHaveURL(/[?&]name=snapshot-by-key(&|$)/);

  await secondPage.goto(page.url());
  const other = new GuestPage(secondPage);
  await expect(name(new ActionForm(secondPage))).toHaveValue('snapshot-by-key');
  await expect(other.plan.command).toContainText('snapshot-by-key');
  // Typing is no step of its own.
  await page.goBack();
  await expect(form.close).toBeHidden();
});
