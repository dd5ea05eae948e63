import type { Page } from '@playwright/test';
import { digestOf } from '../lab/content.ts';
import { MiB } from '../lab/image.ts';
import { hostOf, type LabGuest } from '../lab/lab.ts';
import { virsh } from '../lab/virsh.ts';
import { expect, test } from './fixtures.ts';
import { guideChain, guideImages } from './guide-chain.ts';
import { chainOf, nameOf } from './live-guest.ts';
import { ActionForm } from './pages/action-form.ts';
import { GuestPage } from './pages/guest-page.ts';

test('a flatten is undone from its page: the plan says what it keeps, and the guest reads the same', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(guideChain);
  const images = await chainOf(lab, guest);
  const content = await digestOf(lab, guest);
  const at = await GuestPage.open(page, guest);
  await at.flattenToward(guideImages(guest).base);
  await expect(at.notices.of(guest.name)).toContainText('succeeded');

  await openOperation(page, guest, /^pull toward/);
  await page.getByRole('link', { name: 'Undo…' }).click();
  await expect(page).toHaveURL(/\?do=undo&of=/);
  await expect(at.plan.refusal).toContainText(`${guest.name} is running`);
  await expect(at.plan.start).toBeHidden();

  await virsh(hostOf(lab, guest.host), 'destroy', guest.uuid);
  const { root } = new ActionForm(page);
  await expect(root).toContainText('Nothing is copied, and it takes a moment.');
  await expect(root).toContainText('2 images that come back are in use again');
  const outcomes = root
    .getByRole('region', { name: 'What happens to the images of vda' })
    .getByRole('listitem');
  await expect(outcomes).toContainText([/stays$/, /comes back$/, /comes back$/, /stays$/]);
  await expect(at.plan.command).toContainText('qemu-img rebase -u');
  await at.plan.start.click();

  await expect(at.notices.of(guest.name).last()).toContainText(
    `bring back the chain of ${nameOf(images[0] ?? '')}`,
  );
  await expect(at.graph.now(images.length)).toBeVisible();
  expect(await digestOf(lab, guest)).toBe(content);
  await virsh(hostOf(lab, guest.host), 'start', guest.uuid);
  expect(await chainOf(lab, guest)).toEqual(images);
  expect(await digestOf(lab, guest)).toBe(content);
});

test('the menu lists the flattens of a disk; without one there is nothing to undo', async ({
  page,
  makeGuest,
}) => {
  const guest = await makeGuest(guideChain);
  const at = await GuestPage.open(page, guest);
  const { root, close } = await ActionForm.open(page, 'Undo a flatten');
  await expect(root).toContainText('The last 100 operations of this guest have no flatten of vda');
  await close.click();
  await at.flattenToward(guideImages(guest).base);
  await expect(at.notices.of(guest.name)).toContainText('succeeded');
  await ActionForm.open(page, 'Undo a flatten');
  await expect(at.plan.start).toBeHidden();
  await root.getByRole('radio', { name: /^pull toward/ }).check();
  await expect(at.plan.refusal).toContainText('Shut it down first');
});

const plain = { disks: [{ size: 64 * MiB, layers: 3 }] };

test('the page of a move leads back to the old path, and nothing there is overwritten', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(() => plain);
  const [active = ''] = await chainOf(lab, guest);
  const moved = active.replace('.qcow2', '-elsewhere.qcow2');
  guest.files.push(moved);
  const at = await GuestPage.open(page, guest);
  const { root } = await ActionForm.open(page, 'Move disk');
  await root.getByRole('textbox', { name: 'New image' }).fill(moved);
  await at.plan.start.click();
  await expect(at.notices.of(guest.name)).toContainText('succeeded');
  await openOperation(page, guest, /^move to/);
  await page.getByRole('link', { name: 'Move it back…' }).click();
  await expect(root.getByRole('textbox', { name: 'New image' })).toHaveValue(active);
  await expect(at.plan.refusal).toContainText('exists already, and Backchain overwrites nothing');
});

test('the page of a merge says why it has no way back', async ({ page, makeGuest }) => {
  const guest = await makeGuest(() => plain);
  const at = await GuestPage.open(page, guest);
  await ActionForm.open(page, 'Commit images');
  await at.plan.start.click();
  await expect(at.notices.of(guest.name)).toContainText('succeeded');
  await openOperation(page, guest, /^commit into/);
  await expect(at.main).toContainText('It can’t be undone: the data is merged into an image below');
  await expect(page.getByRole('link', { name: 'Undo…' })).toBeHidden();
});

async function openOperation(page: Page, guest: LabGuest, what: RegExp): Promise<void> {
  await page.getByRole('banner').getByRole('link', { name: 'Operations' }).click();
  await page.getByRole('row').filter({ hasText: guest.name }).getByRole('link', { name: what }).click();
}
