import { digestOf } from '../lab/content.ts';
import { MiB } from '../lab/image.ts';
import { bigChain, bigImages } from './big-chain.ts';
import { expect, test } from './fixtures.ts';
import { chainOf, jobOn } from './live-guest.ts';
import { GuestPage } from './pages/guest-page.ts';

test('a running flatten shows how much is done, the rate and the time left; its limit can be changed, and it can be cancelled', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(bigChain);
  const { base } = bigImages(guest);
  const [chain, content] = [await chainOf(lab, guest), await digestOf(lab, guest)];
  const at = await GuestPage.open(page, guest);
  const running = at.drawer.row(guest.name);

  await at.flattenToward(base, 1);
  await expect(running.root).toContainText(/[\d.]+ (KiB |MiB )?of 9\d\.\d MiB/);
  await expect(running.root).toContainText(/about .* left/);
  await expect(running.root).toContainText(/[\d.]+ [KM]iB\/s/);
  const early = await running.percent();
  await expect.poll(() => running.percent()).toBeGreaterThan(early);
  const drawn = await at.graph.percent();
  await expect.poll(() => at.graph.percent()).toBeGreaterThan(drawn);
  expect(await jobOn(lab, guest)).toEqual({ bandwidth: MiB });

  await running.setLimit(2);
  await expect(running.limit).toHaveText('Limit 2.00 MiB/s');
  expect(await jobOn(lab, guest)).toEqual({ bandwidth: 2 * MiB });

  // Where the limit is typed, what it changes stays in view.
  const panel = page.getByRole('complementary', { name: 'Plan and details' });
  await panel.getByRole('button', { name: /^Limit/ }).click();
  const form = await page.getByRole('dialog', { name: /^Speed limit of / }).boundingBox();
  const bar = await panel.getByRole('progressbar').boundingBox();
  expect(form?.y).toBeGreaterThan((bar?.y ?? Number.NaN) + (bar?.height ?? 0));
  await page.keyboard.press('Escape');

  await running.cancelForSure();
  await expect(at.notices.of(guest.name)).toContainText('leaves the chain unchanged');
  await expect(at.drawer.heading).toHaveText('No operation running');
  await expect(at.graph.now(3)).toBeVisible();
  await expect(at.graph.flow).toHaveCount(0);
  expect(await jobOn(lab, guest)).toBeNull();
  expect(await chainOf(lab, guest)).toEqual(chain);
  expect(await digestOf(lab, guest)).toBe(content);
});

test('a limit that is none is refused where it is typed', async ({ page, makeGuest }) => {
  const guest = await makeGuest(bigChain);
  const { graph, plan } = await GuestPage.open(page, guest);
  await graph.image(bigImages(guest).base).click();
  await plan.limit.fill('fast');
  await expect(plan.root.getByRole('alert')).toContainText('Enter a whole number of MiB per second');
  await expect(plan.root.getByRole('button', { name: 'Enter a valid limit first' })).toBeDisabled();
  await plan.unlimited.check();
  await expect(plan.start).toBeEnabled();
});

test('an operation of several steps says which one it is at, and what a cancel leaves', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(bigChain);
  const { active, base } = bigImages(guest);
  const content = await digestOf(lab, guest);
  const at = await GuestPage.open(page, guest);
  await at.graph.image(base).click();
  await at.plan.root.getByRole('checkbox', { name: /^Take a snapshot first/ }).check();
  await expect(at.graph.after(2)).toBeVisible();
  await at.plan.limit.fill('1');
  await at.plan.start.click();
  const row = at.drawer.row(guest.name);
  await expect(row.root).toContainText('step 2 of 3');
  const steps = at.plan.root.getByRole('region', { name: 'Steps' }).getByRole('listitem');
  await expect(steps).toContainText(['done', 'running', 'waiting']);
  await row.cancel.click();
  const question = page.getByRole('dialog', { name: /^Cancel the operation on / });
  await expect(question).toContainText('leaves the chain unchanged');
  await expect(question).toContainText('The finished step is not undone.');
  await question.getByRole('button', { name: 'Cancel the operation' }).click();
  await expect(at.notices.of(guest.name)).toContainText('cancelled');
  const chain = await chainOf(lab, guest);
  guest.files.push(chain[0] ?? '');
  expect(chain.slice(1, 2)).toEqual([active]);
  expect(await digestOf(lab, guest)).toBe(content);
});

// The code of a row may come after the stream's first news: drawn by the server, the row would contradict the browser's.
test('regression: the server drew progress that the browser already knew better', async ({
  page,
  makeGuest,
}) => {
  const guest = await makeGuest(bigChain);
  const at = await GuestPage.open(page, guest);
  await at.flattenToward(bigImages(guest).base, 1);
  await expect(at.drawer.row(guest.name).root).toContainText(/of 9\d\.\d MiB/);

  const served = await (await page.request.get(page.url())).text();
  expect(served.match(/1 running/)).not.toBeNull();
  expect(served.match(/role="progressbar"/)).toBeNull();
});
