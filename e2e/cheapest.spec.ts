import { digestOf } from '../lab/content.ts';
import { MiB } from '../lab/image.ts';
import { expect, test } from './fixtures.ts';
import { chainOf, nameOf } from './live-guest.ts';
import { ActionForm } from './pages/action-form.ts';
import { GuestPage } from './pages/guest-page.ts';

/** Of these MiB, from the base up, going into the large one in the middle moves the least. */
const SIZES = [32, 2, 24, 1, 1];

const layered = (name: string) => ({
  disks: [
    {
      size: 64 * MiB,
      layers: SIZES.map((length, level) => ({
        file: `${name}-${level}.qcow2`,
        writes: [{ pattern: 16 + level, offset: level * 3 * MiB, length: length * MiB }],
      })),
    },
  ],
});

test('the strategies toward a base are compared, and the cheapest one is performed', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(layered);
  const [, , middle = '', , base = ''] = guest.disks[0]?.images ?? [];
  const content = await digestOf(lab, guest);
  const at = await GuestPage.open(page, guest);
  await at.graph.image(base).click();
  const pull = at.plan.strategy('Pull into the active image');
  await expect(pull).toBeChecked();
  await expect(at.plan.strategies).toContainText(/Pull into the active image2\d\.\d MiB/);
  await expect(at.plan.strategies).toContainText(/Cheapest[24]\.\d\d MiB/);
  await expect(at.plan.strategies).toContainText(/Cheapest.*The time was not measured on this host yet/);
  await expect(at.plan.strategies).toContainText(`${nameOf(middle)} receives the data.`);
  await expect(at.plan.strategies).toContainText(`${nameOf(base)} stays.`);
  await expect(at.plan.strategies).toContainText(/Can be undone: it writes only to \S+, and/);
  await expect(at.plan.strategies).toContainText(`Can’t be undone: it writes to ${nameOf(middle)}, and`);
  // The files of a host on this machine can be read.
  await expect(at.plan.root).toContainText('Predicted from the images’ own tables.');

  await at.plan.strategy('Cheapest').check();
  const steps = at.plan.root.getByRole('region', { name: 'Steps' }).getByRole('listitem');
  await expect(steps).toHaveText([
    new RegExp(`Commit 2 images into ${nameOf(middle)}, and pivot to it`),
    new RegExp(`Pull 1 image into ${nameOf(middle)}`),
  ]);
  await expect(at.plan.command).toContainText(
    `blockcommit ${guest.name} vda --base ${middle} --active --pivot`,
  );
  await expect(at.plan.command).toContainText(`blockpull ${guest.name} vda --base ${base}`);
  await expect(at.graph.after(2)).toBeVisible();
  await expect(at.graph.image(middle)).toHaveAccessibleName(/, receives/);

  await at.plan.start.click();
  await expect(at.notices.of(guest.name)).toContainText('succeeded');
  await expect(at.graph.now(2)).toBeVisible();
  expect(await chainOf(lab, guest)).toEqual([middle, base]);
  expect(await digestOf(lab, guest)).toBe(content);

  // The prediction is beside what it came to.
  await page.getByRole('banner').getByRole('link', { name: 'Operations' }).click();
  const row = page.getByRole('row').filter({ hasText: guest.name });
  await row.getByRole('link', { name: 'shorten to 2 images' }).click();
  await expect(at.main).toContainText(/Predicted growth[24]\.\d\d MiB/);
  await expect(at.main).toContainText(/Grew by[24]\.\d\d MiB/);
});

test('a chain is shortened to so many images, and one that is pinned stays', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(layered);
  const [, , middle = ''] = guest.disks[0]?.images ?? [];
  const content = await digestOf(lab, guest);
  const at = await GuestPage.open(page, guest);
  const { root } = await ActionForm.open(page, 'Shorten the chain');
  await expect(at.plan.start).toBeEnabled();
  await root.getByLabel('Images', { exact: true }).selectOption('3');
  await root.getByText('Images to keep unchanged').click();
  await root.getByRole('checkbox', { name: nameOf(middle) }).check();
  await expect(at.plan.strategy('Pull into the active image')).toBeDisabled();
  await expect(at.graph.after(3)).toBeVisible();
  await expect(at.graph.image(middle)).toHaveAccessibleName(/, stays/);
  await at.plan.start.click();
  await expect(at.notices.of(guest.name)).toContainText('succeeded');
  await expect(at.graph.now(3)).toBeVisible();
  expect(await chainOf(lab, guest)).toContain(middle);
  expect(await digestOf(lab, guest)).toBe(content);
});

test('what others depend on is left alone by every strategy but the pull, and they are named', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(layered);
  const [, , middle = '', , base = ''] = guest.disks[0]?.images ?? [];
  const other = await makeGuest((name) => ({
    state: 'shut off',
    disks: [{ size: 64 * MiB, layers: [{ file: middle, existing: true }, { file: `${name}.qcow2` }] }],
  }));
  const theirs = await digestOf(lab, other);
  const at = await GuestPage.open(page, guest);
  await at.graph.image(base).click();
  await expect(at.plan.strategy('Cheapest')).toBeDisabled();
  await expect(at.plan.strategies).toContainText(`is also used by ${other.name} (vda)`);
  await at.plan.start.click();
  await expect(at.notices.of(guest.name)).toContainText('succeeded');
  expect(await digestOf(lab, other)).toBe(theirs);
});
