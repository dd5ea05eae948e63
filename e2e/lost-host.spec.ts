import { killDaemon, startDaemon } from '../lab/faults.ts';
import { down, hostOf, type Lab, up } from '../lab/lab.ts';
import { bigChain, bigImages } from './big-chain.ts';
import { expect, test as sharedTest } from './fixtures.ts';
import { chainOf } from './live-guest.ts';
import { GuestPage } from './pages/guest-page.ts';

/** Here libvirtd is killed, so no other test's guest may be on it: a lab for these alone. */
const test = sharedTest.extend<object, { lab: Lab }>({
  lab: [
    async ({ labDir }, use) => {
      const dir = `${labDir}-lost`;
      await use(await up({ dir, guests: 'none' }));
      await down({ dir });
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

test.describe.configure({ mode: 'serial' });

test('a killed libvirtd is shown as lost with the reason, and heals when it is back', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(() => ({ host: 'beta', disks: [{ layers: 2 }] }));
  const beta = hostOf(lab, 'beta');
  const at = await GuestPage.open(page, guest);
  await killDaemon(lab, beta);
  try {
    await expect(at.fleet.host('beta')).toContainText('lost');
    await expect(at.fleet.host('beta')).toContainText('The connection to libvirt is lost: ');
    await expect(at.main).toContainText('The connection to beta is lost. You see the last known state.');
    await expect(at.graph.now(2)).toBeVisible();
  } finally {
    await startDaemon(lab, beta);
  }
  await expect(at.fleet.host('beta')).not.toContainText('lost');
  await expect(at.main).not.toContainText('The connection to beta is lost');
});

test('a flatten continues while libvirtd is killed and started again, and ends correctly', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest((name) => ({ host: 'beta', ...bigChain(name) }));
  const { active, base } = bigImages(guest);
  const beta = hostOf(lab, 'beta');
  const at = await GuestPage.open(page, guest);
  const running = at.drawer.row(guest.name);
  await at.flattenToward(base, 1);
  await expect.poll(() => running.percent()).toBeGreaterThan(0);

  await killDaemon(lab, beta);
  try {
    await expect(at.fleet.host('beta')).toContainText('lost');
    await expect(at.fleet.guest(guest.name)).toContainText('state unknown');
    await expect(at.drawer.heading).toHaveText('1 with unknown state');
  } finally {
    await startDaemon(lab, beta);
  }
  await expect(at.fleet.host('beta')).not.toContainText('lost');
  await expect(at.drawer.heading).toHaveText('1 running');
  const before = await running.percent();
  await expect.poll(() => running.percent()).toBeGreaterThan(before);
  await running.setLimit(0);
  await expect(at.notices.of(guest.name)).toContainText('The chain has 2 layers now.');
  expect(await chainOf(lab, guest)).toEqual([active, base]);
});
