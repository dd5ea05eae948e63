import { capabilities } from '../lab/capabilities.ts';
import { digestOf } from '../lab/content.ts';
import { expect, test } from './fixtures.ts';
import { guideChain, guideImages } from './guide-chain.ts';
import { allocated, chainOf, nameOf } from './live-guest.ts';
import { GuestPage } from './pages/guest-page.ts';

test('A2 part of a running guest’s chain is flattened, down to a base that stays', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(guideChain);
  const { active, snap2, snap1, base } = guideImages(guest);
  const content = await digestOf(lab, guest);
  const merged = await allocated(snap1, snap2);
  const activeBefore = await allocated(active);
  const { graph, plan, notices } = await GuestPage.openFromList(page, guest);

  await graph.image(base).click();
  await expect(plan.title).toHaveText(`Flatten vda toward ${nameOf(base)}`);
  await expect(plan.root).toContainText(`${nameOf(snap1)} and ${nameOf(snap2)} merge into the active image`);
  await expect(graph.after(2)).toBeVisible();
  await expect(plan.command).toContainText(`blockpull ${guest.name} vda --base ${base} --wait`);
  const atMost = await plan.atMost();
  expect(atMost).toBeLessThan(merged * 1.1);

  await plan.start.click();
  await expect(notices.of(guest.name)).toContainText('The chain has 2 layers now.');
  await expect(graph.now(2)).toBeVisible();
  // Where libvirt can revert to the snapshot that needs it, it is drawn beside the chain.
  const { revertsExternalSnapshots } = await capabilities();
  await expect(graph.image(snap1)).toHaveCount(revertsExternalSnapshots ? 1 : 0);

  expect(await chainOf(lab, guest)).toEqual([active, base]);
  expect(await digestOf(lab, guest)).toBe(content);
  expect((await allocated(active)) - activeBefore).toBeLessThanOrEqual(atMost);
});
