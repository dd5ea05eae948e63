import { MiB } from '../lab/image.ts';
import { hostOf, type Lab, type LabGuest } from '../lab/lab.ts';
import { virsh } from '../lab/virsh.ts';
import { expect, test } from './fixtures.ts';
import { chainOf } from './live-guest.ts';
import { ActionForm } from './pages/action-form.ts';
import { GuestPage } from './pages/guest-page.ts';

/** A raw base under the image that the guest writes. */
const onRaw = (name: string) => ({
  disks: [
    {
      size: 64 * MiB,
      layers: [
        { file: `${name}-base.img`, format: 'raw' as const },
        { file: `${name}-active.qcow2`, writes: [{ pattern: 1, offset: 0, length: MiB }] },
      ],
    },
  ],
});

const checkpoint = (lab: Lab, { host, uuid }: LabGuest, name: string) =>
  virsh(hostOf(lab, host), 'checkpoint-create-as', uuid, name);

test('a loss of checkpoints is shown, and starts only once the name of the guest is typed', async ({
  page,
  lab,
  makeGuest,
  watch,
}) => {
  watch.expect(/409/);
  const guest = await makeGuest(onRaw);
  const [, base = ''] = guest.disks[0]?.images ?? [];
  for (const name of ['monday', 'tuesday']) await checkpoint(lab, guest, name);
  const at = await GuestPage.open(page, guest);
  const { root } = await ActionForm.open(page, 'Commit images');
  const changes = root.getByRole('region', { name: 'What happens to the checkpoints' });
  await expect(changes.getByRole('listitem')).toHaveText(['vda: monday, tuesdaylost']);
  await expect(root).toContainText(`${guest.name} loses 2 of its checkpoints monday, tuesday by this`);
  await expect(at.plan.command).toContainText('# this loses the checkpoints monday, tuesday');
  const start = root.getByRole('button', { name: 'Confirm the loss first' });
  await expect(start).toBeDisabled();
  const confirmation = root.getByLabel(`Checkpoints are lost. Type ${guest.name} to confirm`);
  await confirmation.fill('monday');
  await expect(start).toBeDisabled();

  // Another one is another loss, which is not confirmed by what was typed before.
  await confirmation.fill(guest.name);
  await expect(at.plan.start).toBeEnabled();
  await checkpoint(lab, guest, 'wednesday');
  await at.plan.start.click();
  await expect(root.getByRole('alert')).toBeVisible();
  await expect(changes.getByRole('listitem')).toHaveText(['vda: monday, tuesday, wednesdaylost']);
  await expect(confirmation).toHaveValue('');

  await confirmation.fill(guest.name);
  await at.plan.start.click();
  await expect(at.notices.of(guest.name)).toContainText('succeeded');
  expect(await chainOf(lab, guest)).toEqual([base]);
  const listed = root.getByRole('region', { name: 'Checkpoints of this guest' });
  await expect(listed.getByRole('listitem')).toHaveCount(3);
  await expect(listed).toContainText('no incremental backup can start from them');
});

test('what keeps checkpoints says so, and starts as always', async ({ page, lab, makeGuest }) => {
  const guest = await makeGuest(() => ({ disks: [{ layers: 3, size: 16 * MiB }] }));
  const at = await GuestPage.open(page, guest);
  await expect(at.plan.root.getByRole('heading', { name: /^Disk / })).toBeVisible();
  await checkpoint(lab, guest, 'monday');
  // The page refreshes what is watched.
  await expect(
    at.plan.root.getByRole('region', { name: 'Checkpoints of this guest' }).getByRole('listitem'),
  ).toHaveText([/^monday.*vda$/]);
  await page.getByRole('button', { name: 'Flatten completely' }).click();
  await expect(at.plan.root.getByRole('region', { name: 'What happens to the checkpoints' })).toContainText(
    'the next incremental backup continues',
  );
  await at.plan.start.click();
  await expect(at.notices.of(guest.name)).toContainText('succeeded');
});
