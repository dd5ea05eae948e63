import { digestOf } from '../lab/content.ts';
import { killQemu } from '../lab/faults.ts';
import { hostOf, type Lab, type LabGuest } from '../lab/lab.ts';
import { attempt } from '../lab/run.ts';
import { virsh } from '../lab/virsh.ts';
import { bigChain, bigImages } from './big-chain.ts';
import { expect, test } from './fixtures.ts';
import { chainOf } from './live-guest.ts';
import { GuestPage } from './pages/guest-page.ts';

const ends = [
  {
    how: 'destroyed',
    end: async (lab: Lab, guest: LabGuest) => {
      await virsh(hostOf(lab, guest.host), 'destroy', guest.uuid);
    },
  },
  { how: 'left by a killed QEMU', end: killQemu },
  {
    how: 'left by a QEMU that was told to quit',
    end: async (lab: Lab, guest: LabGuest) => {
      const quit = ['qemu-monitor-command', guest.uuid, '--hmp', 'quit'];
      // QEMU may be gone before it answers, which virsh counts as a failure.
      await attempt('virsh', ['--quiet', '--connect', hostOf(lab, guest.host).uri, ...quit]);
    },
  },
];

for (const { how, end } of ends) {
  test(`a guest that is ${how} half way through keeps its content, and the reason is shown`, async ({
    page,
    lab,
    makeGuest,
  }) => {
    const guest = await makeGuest(bigChain);
    const { active, middle, base } = bigImages(guest);
    const content = await digestOf(lab, guest);
    const at = await GuestPage.open(page, guest);
    await at.flattenToward(base, 1);
    await expect.poll(() => at.drawer.row(guest.name).percent()).toBeGreaterThan(0);

    await end(lab, guest);
    await expect(at.notices.of(guest.name)).toContainText('stopped while the block job ran');
    await expect(at.fleet.guest(guest.name)).toContainText('shut off');
    await expect(at.graph.now(3)).toBeVisible();
    expect(await digestOf(lab, guest)).toBe(content);

    await virsh(hostOf(lab, guest.host), 'start', guest.uuid);
    expect(await chainOf(lab, guest)).toEqual([active, middle, base]);
    await at.flattenToward(base);
    await expect(at.notices.of(guest.name).last()).toContainText('The chain has 2 layers now.');
    expect(await digestOf(lab, guest)).toBe(content);
  });
}
