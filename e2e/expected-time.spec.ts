import { digestOf } from '../lab/content.ts';
import { bigChain, bigImages } from './big-chain.ts';
import { expect, test } from './fixtures.ts';
import { GuestPage } from './pages/guest-page.ts';

test('a plan shows how long it takes once such work was measured, and on one line', async ({
  ownPage: page,
  lab,
  makeGuest,
}) => {
  const [first, second] = [await makeGuest(bigChain), await makeGuest(bigChain)];
  const content = await digestOf(lab, first);
  const at = await GuestPage.open(page, first);
  await at.graph.image(bigImages(first).base).click();
  const term = at.plan.root.getByText('Expected time', { exact: true });
  const value = term.locator('xpath=following-sibling::dd');
  await expect(value).toHaveText('unknown');
  await expect(
    at.plan.root.getByText(/^Not measured on this host yet. That needs a finished operation/),
  ).toBeVisible();
  // The reason was once beside the term, and squeezed it to a letter a line.
  const height = async () => (await term.boundingBox())?.height ?? Number.NaN;
  expect(await height()).toBeLessThan(30);

  await at.plan.start.click();
  await expect(at.notices.of(first.name)).toContainText('The chain has 2 layers now.');
  expect(await digestOf(lab, first)).toBe(content);

  await at.fleet.guest(second.name).press('Enter');
  await at.graph.image(bigImages(second).base).click();
  await expect(value).toHaveText(/^about [\d.]+\u00a0?\s?(ms|s)$/);
  expect(await height()).toBeLessThan(30);
});
