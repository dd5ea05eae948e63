import { digestOf } from '../lab/content.ts';
import { hostOf } from '../lab/lab.ts';
import { virsh } from '../lab/virsh.ts';
import { expect, test } from './fixtures.ts';
import { guideChain, guideImages } from './guide-chain.ts';
import { chainOf } from './live-guest.ts';
import { DoctorPage } from './pages/doctor-page.ts';
import { GuestPage } from './pages/guest-page.ts';

test('the doctor lists what is wrong with a guest, and fixes it by a plan', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(guideChain);
  const { base } = guideImages(guest);
  const host = hostOf(lab, guest.host);
  await virsh(host, 'blockpull', guest.uuid, 'vda', '--base', base, '--wait');
  const content = await digestOf(lab, guest);
  const at = await DoctorPage.open(page, guest);
  await expect(at.findings).toHaveText([/2 snapshots are stale/]);
  await at.fix('Forget').click();
  await expect(page).toHaveURL(/fix=/);
  await expect(at.panel.getByRole('region', { name: 'Equivalent commands' })).toContainText('--metadata');
  await at.panel.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(new GuestPage(page).notices.of(guest.name)).toContainText(
    'forget the metadata of 2 snapshots: succeeded',
  );
  await expect(at.calm).toContainText('All is well: for 1 guest with 2 images');
  expect((await virsh(host, 'snapshot-list', guest.uuid, '--name')).trim()).toBe('');
  expect(await digestOf(lab, guest)).toBe(content);
  const shown = await at.guests.allTextContents();
  expect(shown.slice(1)).toEqual(shown.slice(1).toSorted(new Intl.Collator('en', { numeric: true }).compare));
});

test('regression: the journal joined the lines of a command, and called every step a block job', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(guideChain);
  const { base } = guideImages(guest);
  await virsh(hostOf(lab, guest.host), 'blockpull', guest.uuid, 'vda', '--base', base, '--wait');
  const at = await DoctorPage.open(page, guest);
  await at.fix('Forget').click();
  await at.panel.getByRole('button', { name: 'Start', exact: true }).click();
  const notice = new GuestPage(page).notices.of(guest.name);
  await expect(notice).toContainText('succeeded');
  await notice.getByRole('link').click();
  const journal = page.getByRole('region', { name: 'Journal' });
  await expect(journal.getByText('Step 1 runs', { exact: true })).toBeVisible();
  const copied = await journal.locator('code').evaluate((code) => {
    getSelection()?.selectAllChildren(code);
    return String(getSelection());
  });
  expect(copied.split('\n')).toEqual([expect.stringContaining('snap1'), expect.stringContaining('snap2')]);
});

test('a job that somebody left ready is ended as the operator chooses', async ({ page, lab, makeGuest }) => {
  const guest = await makeGuest(() => ({ disks: [{ layers: 3 }] }));
  const [, middle = '', base = ''] = guest.disks[0]?.images ?? [];
  const host = hostOf(lab, guest.host);
  await virsh(host, 'blockcommit', guest.uuid, 'vda', '--active', '--base', middle, '--wait');
  const content = await digestOf(lab, guest);
  const at = await DoctorPage.open(page, guest);
  await at.fix('End job').click();
  await expect(at.panel.getByRole('radio', { name: /^Abort/ })).toBeChecked();
  await at.panel.getByRole('radio', { name: /^Pivot/ }).check();
  await expect(at.panel.getByRole('region', { name: 'Equivalent commands' })).toContainText('--pivot');
  await at.panel.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(new GuestPage(page).notices.of(guest.name)).toContainText(
    'end a block job with a pivot: succeeded',
  );
  await expect(at.calm).toContainText('All is well: for 1 guest with 2 images');
  expect(await chainOf(lab, guest)).toEqual([middle, base]);
  expect(await digestOf(lab, guest)).toBe(content);
});

test('all guests are examined, the worst first, and narrowed to one', async ({ page, makeGuest }) => {
  const guest = await makeGuest(() => ({ disks: [{ layers: 2 }] }));
  const at = await DoctorPage.open(page);
  await expect(at.findings.filter({ hasText: 'lost-1' }).first()).toContainText('is missing');
  await expect(at.findings.filter({ hasText: 'ci-1' })).toContainText('2 snapshots are stale');
  await expect(at.findings.filter({ hasText: 'mail' })).toContainText('The chain has 12 layers');
  const tones = await at.findings.locator('.sr-only').allTextContents();
  expect(tones).toEqual(tones.toSorted((a, b) => rank(a) - rank(b)));
  await page.getByRole('combobox', { name: 'Guest' }).selectOption(guest.name);
  await expect(at.calm).toContainText('All is well');
  await page.getByRole('button', { name: 'Check the images of vda' }).click();
  await expect(page.getByText('2 images checked, nothing found.')).toBeVisible();
});

test('the overview shows how many findings a guest has, and leads to them', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(guideChain);
  const host = hostOf(lab, guest.host);
  await page.goto('/');
  const row = page.getByRole('row', { name: new RegExp(guest.name) });
  await expect(row.getByRole('link', { name: `1 note: examine ${guest.name}` })).toBeVisible();
  // Seen as it comes, though nobody examines anything.
  await virsh(host, 'blockpull', guest.uuid, 'vda', '--base', guideImages(guest).base, '--wait');
  await row.getByRole('link', { name: `1 warning: examine ${guest.name}` }).click();
  await expect(page).toHaveURL(new RegExp(`/doctor\\?guest=${guest.uuid}$`));
  const at = new DoctorPage(page);
  await expect(at.findings).toHaveText([/2 snapshots are stale/]);

  await virsh(host, 'blockcommit', guest.uuid, 'vda', '--active', '--wait');
  await page.goto('/');
  const waits = page.getByRole('region', { name: 'Needs attention' }).getByRole('listitem');
  await page.getByRole('button', { name: /^and \d+ more$/ }).click();
  await expect(waits.filter({ hasText: `${guest.name} · vda` })).toContainText('waits to be ended');
});

const rank = (tone: string) => ['danger', 'warning', 'note'].findIndex((word) => tone.includes(word));
