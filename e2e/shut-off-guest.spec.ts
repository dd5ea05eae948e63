import { digestOf } from '../lab/content.ts';
import { hostOf, type Lab, type LabGuest } from '../lab/lab.ts';
import { virsh } from '../lab/virsh.ts';
import { bigChain, bigImages } from './big-chain.ts';
import { expect, test } from './fixtures.ts';
import { GuestPage } from './pages/guest-page.ts';

const stateOf = async (lab: Lab, guest: LabGuest) =>
  (await virsh(hostOf(lab, guest.host), 'domstate', guest.uuid)).trim();

test('A1, A2 a guest that is shut off is flattened, as its plan says beforehand, and is shut off again', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest((name) => ({ ...bigChain(name), state: 'shut off' }));
  const { active, base } = bigImages(guest);
  const content = await digestOf(lab, guest);
  const { graph, plan, drawer, notices, fleet } = await GuestPage.open(page, guest);
  await graph.image(base).click();
  await expect(plan.root).toContainText('libvirt starts it paused, without running its CPUs');
  await expect(plan.command).toContainText(`start ${guest.name} --paused`);
  await plan.limit.fill('1');
  await plan.start.click();
  await expect.poll(() => stateOf(lab, guest)).toBe('paused');
  await drawer.row(guest.name).setLimit(0);
  await expect(notices.of(guest.name)).toContainText('The chain has 2 layers now.');
  await expect(fleet.guest(guest.name)).toContainText('shut off');
  await expect(graph.now(2)).toBeVisible();
  expect(await stateOf(lab, guest)).toBe('shut off');
  expect(await digestOf(lab, guest)).toBe(content);

  await graph.flattenCompletely.click();
  await plan.start.click();
  await expect(notices.of(guest.name).last()).toContainText('The chain has 1 layer now.');
  expect(await stateOf(lab, guest)).toBe('shut off');
  expect(await digestOf(lab, guest)).toBe(content);
  await virsh(hostOf(lab, guest.host), 'start', guest.uuid);
  await expect(graph.image(active)).toBeVisible();
  expect(await digestOf(lab, guest)).toBe(content);
});

test('cancelled in the middle, it is shut off with its chain as it was', async ({ page, lab, makeGuest }) => {
  const guest = await makeGuest((name) => ({ ...bigChain(name), state: 'shut off' }));
  const { base } = bigImages(guest);
  const content = await digestOf(lab, guest);
  const at = await GuestPage.open(page, guest);
  await at.flattenToward(base, 1);
  const running = at.drawer.row(guest.name);
  await expect.poll(() => running.percent()).toBeGreaterThan(0);
  await running.cancelForSure();
  await expect(at.notices.of(guest.name)).toContainText('cancelled');
  await expect(at.fleet.guest(guest.name)).toContainText('shut off');
  await expect(at.graph.now(3)).toBeVisible();
  expect(await stateOf(lab, guest)).toBe('shut off');
  expect(await digestOf(lab, guest)).toBe(content);
});
