import { digestOf } from '../lab/content.ts';
import { hostOf } from '../lab/lab.ts';
import { until } from '../lab/process.ts';
import { virsh } from '../lab/virsh.ts';
import { bigChain, bigImages } from './big-chain.ts';
import { expect, test } from './fixtures.ts';
import { chainOf, jobOn } from './live-guest.ts';
import { GuestPage } from './pages/guest-page.ts';

test('a dashboard that was killed takes a running job up again, and the open page heals by itself', async ({
  ownPage: page,
  ownDashboard,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(bigChain);
  const { active, base } = bigImages(guest);
  const content = await digestOf(lab, guest);
  const at = await GuestPage.open(page, guest);
  const running = at.drawer.row(guest.name);
  await at.flattenToward(base, 1);
  await expect.poll(() => running.percent()).toBeGreaterThan(0);

  await ownDashboard.kill();
  await expect(at.live).toHaveText('reconnecting');
  await expect(at.drawer.root).toContainText('last known state');
  expect(await jobOn(lab, guest)).not.toBeNull();

  await ownDashboard.start();
  await expect(at.live).toHaveText('live');
  const before = await running.percent();
  await expect.poll(() => running.percent()).toBeGreaterThan(before);
  await running.setLimit(0);
  await expect(at.notices.of(guest.name)).toContainText('The chain has 2 layers now.');
  expect(await chainOf(lab, guest)).toEqual([active, base]);
  expect(await digestOf(lab, guest)).toBe(content);
});

test('a job that ends while the dashboard is down ends rightly when it is back', async ({
  ownPage: page,
  ownDashboard,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(bigChain);
  const at = await GuestPage.open(page, guest);
  await at.flattenToward(bigImages(guest).base, 1);
  await expect.poll(() => at.drawer.row(guest.name).percent()).toBeGreaterThan(0);

  await ownDashboard.kill();
  await virsh(hostOf(lab, guest.host), 'blockjob', guest.uuid, 'vda', '--bandwidth', '0');
  await until('the end of the job', async () => (await jobOn(lab, guest)) === null);
  await ownDashboard.start();

  await expect(at.notices.of(guest.name)).toContainText('The chain has 2 layers now.');
  await expect(at.graph.now(2)).toBeVisible();
  await expect(at.drawer.heading).toHaveText('No operation running');
});
