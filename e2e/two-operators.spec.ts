import { digestOf } from '../lab/content.ts';
import { bigChain, bigImages } from './big-chain.ts';
import { expect, test } from './fixtures.ts';
import { holdStart } from './hold-start.ts';
import { chainOf } from './live-guest.ts';
import { GuestPage } from './pages/guest-page.ts';
import { signIn } from './sign-in.ts';

test('of two operators who start on one disk at once one succeeds, and the other sees why not', async ({
  page,
  browser,
  dashboard,
  lab,
  makeGuest,
  watch,
}) => {
  watch.expect(/409/);
  const guest = await makeGuest(bigChain);
  const { active, base } = bigImages(guest);
  const content = await digestOf(lab, guest);
  const context = await browser.newContext({ baseURL: dashboard.origin });
  watch.follow(context);
  const otherPage = await context.newPage();
  await signIn(otherPage, dashboard);

  const pages = [await GuestPage.open(page, guest), await GuestPage.open(otherPage, guest)];
  const starts = await Promise.all(pages.map((at) => holdStart(at.page)));
  for (const at of pages) await at.flattenToward(base, 1);
  await Promise.all(starts.map(({ held }) => held));
  for (const { release } of starts) release();

  const refused = pages.map((at) => at.plan.root.getByRole('alert'));
  await expect
    .poll(async () => (await Promise.all(refused.map((alert) => alert.count()))).toSorted())
    .toEqual([0, 1]);
  const refusal = (await refused[0]?.count()) === 1 ? refused[0] : refused[1];
  await expect(refusal ?? page.getByRole('main')).toContainText(
    'The start was refused, and nothing was changed.An operation on vda is already under way. Wait until it ends, or cancel it.',
  );
  for (const at of pages) {
    await expect(at.drawer.heading).toHaveText('1 running');
    await expect(at.drawer.row(guest.name).root).toHaveCount(1);
  }
  await pages[1]?.drawer.row(guest.name).setLimit(0);
  for (const at of pages)
    await expect(at.notices.of(guest.name)).toContainText('The chain has 2 layers now.');
  expect(await chainOf(lab, guest)).toEqual([active, base]);
  expect(await digestOf(lab, guest)).toBe(content);
  await context.close();
});
