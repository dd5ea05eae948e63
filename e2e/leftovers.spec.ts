import { access } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { digestOf } from '../lab/content.ts';
import { hostOf, type Lab } from '../lab/lab.ts';
import { virsh } from '../lab/virsh.ts';
import { test as base, expect } from './fixtures.ts';
import { GuestPage } from './pages/guest-page.ts';
import { LeftoversPage } from './pages/leftovers-page.ts';
import { Server } from './server.ts';
import { signIn } from './sign-in.ts';

/** A dashboard of the one host whose guests can all be read: on the other, some are broken on purpose. */
const test = base.extend<{ calm: Page }>({
  calm: async ({ lab, browser, makeGuest: _first }, use, { parallelIndex }) => {
    const one: Lab = { ...lab, hosts: [hostOf(lab, 'beta')] };
    const server = await Server.open(one, 41_070 + 100 * parallelIndex);
    const context = await browser.newContext({ baseURL: server.origin });
    const page = await context.newPage();
    await signIn(page, server);
    await use(page);
    await context.close();
    await server.close();
  },
});

// One after the other: a pool that does not run keeps leftovers from being offered to anybody.
test.describe.configure({ mode: 'default' });

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

test('what a flatten leaves is marked, deleted by its typed number, and is in the journal', async ({
  calm,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(() => ({ host: 'beta', disks: [{ layers: 4 }] }));
  const [active = '', upper = '', lower = '', golden = ''] = guest.disks[0]?.images ?? [];
  const content = await digestOf(lab, guest);
  const at = await GuestPage.open(calm, guest);
  await at.graph.flattenCompletely.click();
  await at.plan.start.click();
  await at.notices.of(guest.name).getByRole('link').click();
  await calm.getByRole('link', { name: 'Images left behind' }).click();

  const leftovers = new LeftoversPage(calm);
  await expect(leftovers.rows.filter({ hasText: nameOf(upper) }).first()).toContainText(
    `Left behind by the flatten of ${guest.name}`,
  );
  await calm.getByRole('button', { name: `Keep ${nameOf(golden)}` }).click();
  await expect(leftovers.kept).toContainText(nameOf(golden));
  await expect(leftovers.kept).toContainText('marked by admin');
  await expect(leftovers.box(nameOf(golden))).toHaveCount(0);

  // By keyboard: what is backed by it is chosen with it.
  await leftovers.box(nameOf(lower)).focus();
  await calm.keyboard.press('Space');
  await expect(leftovers.box(nameOf(upper))).toBeChecked();
  const button = calm.getByRole('button', { name: /^Delete 2 leftovers, / });
  await button.focus();
  await calm.keyboard.press('Enter');
  const yes = leftovers.dialog.getByRole('button', { name: 'Delete 2 files' });
  await expect(yes).toBeDisabled();
  await expect(leftovers.dialog).toContainText('vol-delete');
  await leftovers.dialog.getByRole('textbox', { name: 'Type 2 to confirm' }).fill('3');
  await expect(yes).toBeDisabled();
  await leftovers.dialog.getByRole('textbox').fill('2');
  await expect(yes).toBeEnabled();
  await calm.keyboard.press('Enter');

  const notice = at.notices.of('beta');
  await expect(notice).toContainText('delete 2 leftovers: succeeded');
  expect(await Promise.all([active, upper, lower, golden].map(isThere))).toEqual([true, false, false, true]);
  await expect(leftovers.box(nameOf(lower))).toHaveCount(0);
  await notice.getByRole('link').click();
  await expect(calm.getByRole('heading', { level: 1, name: 'Delete 2 leftovers' })).toBeVisible();
  await expect(calm.getByRole('region', { name: 'Journal' })).toContainText('Requested by admin');
  await expect(calm.getByText('Freed')).toBeVisible();
  expect(await digestOf(lab, guest)).toBe(content);

  await calm.getByRole('link', { name: 'Open beta' }).click();
  await calm.getByRole('button', { name: `Remove the mark of ${nameOf(golden)}` }).click();
  await expect(leftovers.box(nameOf(golden))).toBeVisible();
});

test('a guest that came meanwhile keeps its image, and the reason is shown', async ({ calm, makeGuest }) => {
  const guest = await makeGuest(() => ({ host: 'beta', disks: [{ layers: 2 }] }));
  const at = await GuestPage.open(calm, guest);
  await at.graph.flattenCompletely.click();
  await at.plan.start.click();
  await expect(at.notices.of(guest.name)).toContainText('succeeded');
  const golden = guest.disks[0]?.images[1] ?? '';
  const leftovers = await LeftoversPage.open(calm);
  await leftovers.box(nameOf(golden)).check();
  await calm.getByRole('button', { name: /^Delete 1 leftover, / }).click();
  await leftovers.dialog
    .getByRole('textbox', { name: `Type ${nameOf(golden)} to confirm` })
    .fill(nameOf(golden));
  // The plan is there, and knows nothing of the guest that comes now.
  const yes = leftovers.dialog.getByRole('button', { name: 'Delete the file' });
  await expect(yes).toBeEnabled();
  await makeGuest((name) => ({
    host: 'beta',
    state: 'shut off',
    disks: [{ layers: [{ file: golden, existing: true }, { file: `${name}.qcow2` }] }],
  }));
  await yes.click();
  await expect(leftovers.dialog.getByRole('alert').first()).toBeVisible();
  await expect(leftovers.dialog).toContainText(/is used by \w+-\d+ \(vda\)/);
  await expect(yes).toBeDisabled();
  await calm.keyboard.press('Escape');
  await expect(leftovers.dialog).toHaveCount(0);
  expect(await isThere(golden)).toBe(true);
});

test('what could not be read is shown, and nothing is offered meanwhile', async ({ page, calm, lab }) => {
  await LeftoversPage.open(page);
  const lost = page
    .getByRole('listitem')
    .filter({ hasText: 'lost-1 (vda) on alpha may depend on any image' });
  await expect(lost).toContainText('lost-1-base.qcow2 is in its chain and is missing');
  await expect(lost.getByRole('link', { name: 'Examine lost-1' })).toBeVisible();
  await expect(page.getByRole('checkbox')).toHaveCount(0);

  const beta = hostOf(lab, 'beta');
  const leftovers = await LeftoversPage.open(calm);
  await virsh(beta, `pool-define-as stopped-pool dir --target ${lab.dir}/stopped-pool`);
  await leftovers.again.click();
  await expect(calm.getByText('Storage pool stopped-pool of beta is not running')).toBeVisible();
  await virsh(beta, 'pool-undefine stopped-pool');
  await leftovers.again.click();
  await expect(calm.getByText('Storage pool stopped-pool of beta is not running')).toHaveCount(0);
});
