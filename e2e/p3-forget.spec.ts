import { rm } from 'node:fs/promises';
import { capabilities } from '../lab/capabilities.ts';
import { digestOf } from '../lab/content.ts';
import { hostOf, type Lab, type LabGuest } from '../lab/lab.ts';
import { virsh } from '../lab/virsh.ts';
import { expect, test } from './fixtures.ts';
import { guideChain, guideImages } from './guide-chain.ts';
import { chainOf, nameOf } from './live-guest.ts';
import { ActionForm } from './pages/action-form.ts';
import { GuestPage } from './pages/guest-page.ts';

const { revertsExternalSnapshots: keeps } = await capabilities();

const recordsOf = async (lab: Lab, guest: LabGuest) =>
  (await virsh(hostOf(lab, guest.host), 'snapshot-list', guest.uuid, '--name')).split('\n').filter(Boolean);

test('P3 records of merged snapshots are marked, and forgotten by their names; the files stay', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(guideChain);
  const { active, snap1 } = guideImages(guest);
  await virsh(hostOf(lab, guest.host), 'blockpull', guest.uuid, 'vda', '--base', snap1, '--wait');
  const content = await digestOf(lab, guest);
  const chain = await chainOf(lab, guest);
  const at = await GuestPage.openFromList(page, guest);
  const { root } = await ActionForm.open(page, 'Forget snapshot metadata');
  const [one, two] = [
    root.getByRole('checkbox', { name: 'snap1' }),
    root.getByRole('checkbox', { name: 'snap2' }),
  ];
  // Its images are both in the chain still.
  await expect(one).not.toBeChecked();
  if (keeps) {
    // libvirt still goes by it: it may go with all others only.
    await expect(two).not.toBeChecked();
    await expect(root.getByText('mis-set', { exact: true })).toHaveCount(1);
    await two.check();
    await expect(at.plan.refusal).toContainText('its next revert could delete an image');
    await expect(at.plan.start).toBeHidden();
    await one.check();
    await expect(at.plan.command).toContainText(`snapshot-delete ${guest.name} snap2 --metadata`);
    await at.plan.start.click();
    await expect(at.notices.of(guest.name)).toContainText('forget the metadata of 2 snapshots: succeeded');
  } else {
    await expect(two).toBeChecked();
    await expect(root.getByText('stale', { exact: true })).toHaveCount(1);
    await expect(at.plan.command).toContainText(`snapshot-delete ${guest.name} snap2 --metadata`);
    await two.uncheck();
    await expect(at.plan.start).toBeHidden();
    await two.check();
    await at.plan.start.click();
    await expect(at.notices.of(guest.name)).toContainText('forget the metadata of snap2: succeeded');
    expect(await recordsOf(lab, guest)).toEqual(['snap1']);

    const again = await ActionForm.open(page, 'Forget snapshot metadata');
    await expect(again.root.getByRole('checkbox', { name: 'snap1' })).not.toBeChecked();
    await again.root.getByRole('checkbox', { name: 'snap1' }).check();
    await expect(at.plan.root).toContainText('still matches the chain');
    await at.plan.start.click();
    await expect(at.notices.of(guest.name).last()).toContainText('forget the metadata of snap1: succeeded');
  }
  expect(await recordsOf(lab, guest)).toEqual([]);
  expect(await chainOf(lab, guest)).toEqual(chain);
  expect(await digestOf(lab, guest)).toBe(content);
  await expect(at.graph.image(active)).toBeVisible();
});

test('P3 a flatten forgets what is stale afterwards, unless that is unchecked', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(guideChain);
  const { active, snap1, base } = guideImages(guest);
  const content = await digestOf(lab, guest);
  const { graph, plan, notices } = await GuestPage.open(page, guest);
  await graph.image(snap1).click();
  await expect(plan.root.getByRole('region', { name: 'Steps' }).getByRole('listitem')).toHaveText([
    new RegExp(`Pull 1 image into ${nameOf(active)}`),
    ...(keeps ? [] : [/Forget the metadata of snapshot snap2/]),
  ]);
  const forget = plan.root.getByRole('checkbox', { name: 'Forget snapshot metadata' });
  if (keeps) await expect(forget).toBeHidden();
  else await expect(forget).toBeChecked();
  await plan.start.click();
  await expect(notices.of(guest.name)).toContainText('The chain has 3 layers now.');
  expect(await recordsOf(lab, guest)).toEqual(keeps ? ['snap1', 'snap2'] : ['snap1']);
  expect(await chainOf(lab, guest)).toEqual([active, snap1, base]);
  expect(await digestOf(lab, guest)).toBe(content);
});

/** Leaves records that nobody can revert to, and says which stay when they are forgotten. */
async function makeUseless(lab: Lab, guest: LabGuest): Promise<readonly string[]> {
  const host = hostOf(lab, guest.host);
  const { snap1, base } = guideImages(guest);
  if (!keeps) {
    await virsh(host, 'blockpull', guest.uuid, 'vda', '--base', base, '--wait');
    return [];
  }
  // On a branch without its image.
  await virsh(host, 'snapshot-revert', guest.uuid, 'snap1');
  await rm(snap1);
  const [overlay = ''] = await chainOf(lab, guest);
  guest.files.push(overlay);
  return ['snap1'];
}

test('P3 the overview lists useless records, and has them forgotten once somebody confirms', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(guideChain);
  const staying = await makeUseless(lab, guest);
  const { notices } = new GuestPage(page);
  await page.goto('/');
  // A few are shown at first, and other tests’ guests may be before this one.
  await page.addLocatorHandler(page.getByRole('button', { name: /^and \d+ more$/ }), (more) => more.click());
  await page
    .getByRole('button', { name: `Forget the snapshot metadata of ${guest.name} that nobody can use` })
    .click();
  const [button, notice] = keeps
    ? ['Forget the metadata', 'forget the metadata of snap2: succeeded']
    : ['Forget the metadata of 2 snapshots', 'forget the metadata of 2 snapshots: succeeded'];
  await page.getByRole('dialog').getByRole('button', { name: button }).click();
  await expect(notices.of(guest.name)).toContainText(notice);
  await expect(
    page.getByRole('button', { name: `Forget the snapshot metadata of ${guest.name} that nobody can use` }),
  ).toBeHidden();
  expect(await recordsOf(lab, guest)).toEqual(staying);
});
