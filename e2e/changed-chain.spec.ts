import { digestOf } from '../lab/content.ts';
import { hostOf } from '../lab/lab.ts';
import { virsh } from '../lab/virsh.ts';
import { expect, test } from './fixtures.ts';
import { guideChain, guideImages } from './guide-chain.ts';
import { holdStart } from './hold-start.ts';
import { chainOf, nameOf } from './live-guest.ts';
import { GuestPage } from './pages/guest-page.ts';

test('a base that went away between plan and start is not flattened toward', async ({
  page,
  lab,
  makeGuest,
  watch,
}) => {
  watch.expect(/404|409/);
  const guest = await makeGuest(guideChain);
  const { active, snap1, base } = guideImages(guest);
  const content = await digestOf(lab, guest);
  const at = await GuestPage.open(page, guest);
  const start = await holdStart(page);
  await at.graph.image(snap1).click();
  await at.plan.start.click();
  await start.held;
  await virsh(hostOf(lab, guest.host), 'blockpull', guest.uuid, 'vda', '--base', base, '--wait');
  start.release();

  await expect(at.plan.root).toContainText(
    `${nameOf(snap1)} is no longer in the chain. Check the current chain`,
  );
  await expect(at.graph.now(2)).toBeVisible();
  await expect(at.drawer.heading).toHaveText('No operation running');
  expect(await chainOf(lab, guest)).toEqual([active, base]);
  expect(await digestOf(lab, guest)).toBe(content);
});

test('a chain that grew between plan and start is planned again before anything runs', async ({
  page,
  lab,
  makeGuest,
  watch,
}) => {
  watch.expect(/409/);
  const guest = await makeGuest(guideChain);
  const { base } = guideImages(guest);
  const host = hostOf(lab, guest.host);
  const content = await digestOf(lab, guest);
  const at = await GuestPage.open(page, guest);
  const start = await holdStart(page);
  await at.graph.image(base).click();
  await at.plan.start.click();
  await start.held;
  await virsh(host, 'snapshot-create-as', guest.uuid, 'late', '--disk-only');
  guest.files.push(`${host.images}/${guest.name}-active.late`);
  start.release();

  await expect(at.plan.root.getByRole('alert')).toContainText(
    'The chain has changed since this plan was made',
  );
  expect(await chainOf(lab, guest)).toHaveLength(5);
  expect(await digestOf(lab, guest)).toBe(content);
  await page.unrouteAll();
  await at.plan.start.click();
  await expect(at.notices.of(guest.name)).toContainText('The chain has 2 layers now.');
  expect(await digestOf(lab, guest)).toBe(content);
});
