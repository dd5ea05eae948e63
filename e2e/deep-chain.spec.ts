import { guestOf } from '../lab/lab.ts';
import { expect, test } from './fixtures.ts';
import { nameOf } from './live-guest.ts';
import { GuestPage } from './pages/guest-page.ts';

for (const name of ['mail', 'deep']) {
  test(`the chain of ${name} is folded where nothing is remarkable, and opens`, async ({ page, lab }) => {
    const guest = guestOf(lab, name);
    const images = guest.disks[0]?.images ?? [];
    const [active = '', middle = '', base = ''] = [images[0], images[5], images.at(-1)];
    const { graph, plan } = await GuestPage.open(page, guest);
    await expect(graph.now(images.length)).toBeVisible();
    await expect(graph.image(active)).toBeInViewport();
    await expect(graph.image(base)).toBeInViewport();
    await expect(graph.image(middle)).toBeHidden();

    await graph.folds().first().click();
    await expect(graph.image(middle)).toBeAttached();
    await graph.foldAgain.click();
    await expect(graph.image(middle)).toBeHidden();

    await graph.image(base).click();
    await expect(plan.root).toContainText('merge into the active image');
    await expect(plan.command).toContainText(nameOf(base));
    await expect(graph.after(2)).toBeVisible();
  });
}

test('regression: the size of layers that are no longer used was cut', async ({ page, lab }) => {
  const { graph } = await GuestPage.open(page, guestOf(lab, 'deep'));
  await graph.flattenCompletely.click();
  await expect(graph.after(1)).toBeVisible();
  await expect(graph.root.getByText('no longer used')).toHaveCount(2);
  expect(await graph.cutTexts()).toEqual([]);
});
