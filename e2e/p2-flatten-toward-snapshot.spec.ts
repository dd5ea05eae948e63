import { capabilities } from '../lab/capabilities.ts';
import { digestOf } from '../lab/content.ts';
import { expect, test } from './fixtures.ts';
import { guideChain, guideImages } from './guide-chain.ts';
import { chainOf, nameOf } from './live-guest.ts';
import { GuestPage } from './pages/guest-page.ts';

test('P2 base <- snap1 <- snap2 <- active becomes base <- snap1 <- active while the guest runs', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(guideChain);
  const { active, snap2, snap1, base } = guideImages(guest);
  const content = await digestOf(lab, guest);
  const { graph, plan, notices } = await GuestPage.openFromList(page, guest);

  await graph.image(snap1).click();
  await expect(plan.title).toHaveText(`Flatten vda toward ${nameOf(snap1)}`);
  await expect(plan.root).toContainText(
    `${nameOf(snap2)} merges into the active image; ${nameOf(snap1)} stays`,
  );
  await expect(graph.after(3)).toBeVisible();
  await expect(plan.command).toContainText(`--base ${snap1} `);
  const forget = plan.root.getByRole('checkbox', { name: 'Forget snapshot metadata' });
  const { revertsExternalSnapshots: keeps } = await capabilities();
  if (keeps) {
    await expect(plan.root.getByRole('region', { name: 'Steps' }).getByRole('listitem')).toHaveCount(1);
    await expect(forget).toBeHidden();
  } else {
    await expect(plan.root).toContainText('Forget the metadata of snapshot snap2');
    await forget.uncheck();
    await expect(plan.root).toContainText('The snapshot snap2 names an image that leaves the chain');
  }

  await plan.start.click();
  await expect(notices.of(guest.name)).toContainText('The chain has 3 layers now.');
  await expect(graph.now(3)).toBeVisible();
  await expect(graph.image(snap2)).toBeHidden();

  expect(await chainOf(lab, guest)).toEqual([active, snap1, base]);
  expect(await digestOf(lab, guest)).toBe(content);
});
