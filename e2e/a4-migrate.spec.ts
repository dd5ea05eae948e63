import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '../lab/content.ts';
import { MiB } from '../lab/image.ts';
import { hostOf, type Lab, type LabGuest } from '../lab/lab.ts';
import { run } from '../lab/run.ts';
import { virsh } from '../lab/virsh.ts';
import { verifyWriter, waitForWrites } from '../lab/writer.ts';
import { expect, test } from './fixtures.ts';
import { chainOf, jobOn } from './live-guest.ts';
import { ActionForm } from './pages/action-form.ts';
import { GuestPage } from './pages/guest-page.ts';

const fileThere = (lab: Lab, guest: LabGuest) => join(hostOf(lab, 'beta').images, `${guest.name}-vda.qcow2`);
const there = (guest: LabGuest): LabGuest => ({ ...guest, host: 'beta' });
const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

test('A4: a guest migrates to another host while it writes, and its storage follows', async ({
  page,
  lab,
  makeWriter,
}) => {
  test.slow();
  const guest = await makeWriter(20);
  const file = fileThere(lab, guest);
  const at = await GuestPage.open(page, guest);
  const form = await ActionForm.open(page, 'Migrate');
  await expect(form.root.getByLabel('Destination', { exact: true })).toHaveValue(/./);
  await expect(form.root.getByLabel('New image of vda there')).toHaveValue(file);
  await expect(form.root.getByLabel('Copy the storage afterwards')).toBeChecked();
  const steps = form.root.getByRole('region', { name: 'Steps' }).getByRole('listitem');
  await expect(steps).toHaveText([
    /Create an empty overlay .* at the destination/,
    new RegExp(`Migrate ${guest.name} to beta while it runs.*can’t be cancelled`),
    new RegExp(`Pull 3 images into ${guest.name}-vda.qcow2`),
  ]);
  await expect(at.plan.command).toContainText('migrate --live --p2p --persistent --undefinesource');
  await expect(form.root).toContainText('Predicted from the images’ own tables.');
  await at.plan.limit.fill('1');
  await at.plan.start.click();

  // The page says where the guest went, and shows it there with the pull running.
  await page.getByRole('link', { name: 'It is on beta now' }).click();
  await expect(page).toHaveURL(new RegExp(`/${guest.uuid}/vda`));
  const running = at.drawer.row(guest.name);
  await expect.poll(() => jobOn(lab, there(guest))).toEqual({ bandwidth: MiB });
  await waitForWrites(guest, 50);
  await running.setLimit(0);
  await expect(at.notices.of(guest.name)).toContainText('migrate to beta: succeeded');
  await expect(at.graph.now(1)).toBeVisible();

  await waitForWrites(guest, 20);
  expect(await verifyWriter(lab, there(guest))).toMatchObject({ lost: [], errors: [] });
  expect(await chainOf(lab, there(guest))).toEqual([file]);
  expect(JSON.parse(await run('qemu-img', ['info', '-U', '--output=json', file]))).not.toHaveProperty(
    'backing-filename',
  );
  expect(await virsh(hostOf(lab, 'alpha'), 'list', '--all', '--uuid')).not.toContain(guest.uuid);
  expect(await virsh(hostOf(lab, 'beta'), 'list', '--persistent', '--uuid')).toContain(guest.uuid);
  await rm(file);
});

test('a migration shows the progress of the memory, and is cancelled before the switch without a trace', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(() => ({ busy: true, disks: [{ layers: 2, size: 64 * MiB }] }));
  const content = await digestOf(lab, guest);
  const alpha = hostOf(lab, 'alpha');
  // What changes in a millisecond takes longer to send, so that it does not end by itself.
  await virsh(alpha, `migrate-setspeed ${guest.uuid} 1; migrate-setmaxdowntime ${guest.uuid} 1`);
  const at = await GuestPage.open(page, guest);
  await ActionForm.open(page, 'Migrate');
  await at.plan.start.click();
  const running = at.drawer.row(guest.name);
  await expect(running.root).toContainText(/[\d.]+ [KM]iB of 16\.3 MiB memory left/);
  await expect(running.root).toContainText(/changes at [\d.]+ [KM]iB\/s/);
  await expect(running.root).toContainText(/downtime [\d.]+/);
  expect(await isThere(fileThere(lab, guest))).toBe(true);
  await running.cancelForSure();
  await expect(at.notices.of(guest.name)).toContainText('cancelled');
  expect(await isThere(fileThere(lab, guest))).toBe(false);
  expect(await virsh(alpha, 'domstate', guest.uuid)).toContain('running');
  expect(await virsh(hostOf(lab, 'beta'), 'list', '--all', '--uuid')).not.toContain(guest.uuid);
  expect(await digestOf(lab, guest)).toBe(content);
});

test('a migration that can’t be done is refused where it was typed', async ({ page, lab, makeGuest }) => {
  const guest = await makeGuest(() => ({ disks: [{ layers: 2 }] }));
  const { images } = hostOf(lab, 'beta');
  const taken = join(images, `${guest.name}-taken.qcow2`);
  const folder = join(images, `${guest.name}-folder`);
  await writeFile(taken, 'somebody’s');
  await mkdir(folder);
  const at = await GuestPage.open(page, guest);
  const form = await ActionForm.open(page, 'Migrate');
  const field = form.root.getByLabel('New image of vda there');
  await expect(field).toHaveValue(fileThere(lab, guest));
  for (const [path, text] of [
    [taken, 'exists already'],
    [folder, 'is a folder'],
    ['there.qcow2', 'is not an absolute path'],
    [`${images}/../there.qcow2`, 'contains “.”, “..”'],
    [join(lab.dir, 'x.qcow2'), 'is not the folder of a running storage pool of beta'],
  ] as const) {
    await field.fill(path);
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await expect(field).toHaveAccessibleDescription(new RegExp(text.replaceAll('.', '\\.')));
    await expect(at.plan.start).toBeHidden();
  }
  await field.fill(fileThere(lab, guest));
  await expect(at.plan.start).toBeVisible();
  await form.root.getByText('The destination knows the current image by another path').click();
  await form.root.getByLabel(/^Its path there/).fill('/nowhere/image.qcow2');
  await expect(at.plan.refusal).toContainText('beta does not have /nowhere/image.qcow2');
  expect(await isThere(fileThere(lab, guest))).toBe(false);
  await Promise.all([rm(taken), rm(folder, { recursive: true })]);
});
