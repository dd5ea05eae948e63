import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digest, digestOf } from '../lab/content.ts';
import { MiB } from '../lab/image.ts';
import { hostOf } from '../lab/lab.ts';
import { virsh } from '../lab/virsh.ts';
import { expect, test } from './fixtures.ts';
import { chainOf } from './live-guest.ts';
import { ActionForm } from './pages/action-form.ts';
import { GuestPage } from './pages/guest-page.ts';

const twoDisks = (name: string) => ({
  disks: ['vda', 'vdb'].map((target, i) => ({
    target,
    size: 64 * MiB,
    layers: [{ file: `${name}-${target}.qcow2`, writes: [{ pattern: 3 + i, offset: MiB, length: 2 * MiB }] }],
  })),
});

test('P1 a snapshot freezes both disks of a running guest, one under a path that was typed', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(twoDisks);
  const host = hostOf(lab, guest.host);
  const [a = '', b = ''] = guest.disks.map(({ images }) => images[0]);
  const content = [await digestOf(lab, guest), await digestOf(lab, guest, 'vdb')];
  const at = await GuestPage.open(page, guest, 'vda');
  const { root } = await ActionForm.open(page, 'Snapshot');
  await root.getByLabel('Name', { exact: true }).fill('before it');
  await root.getByLabel('Description').fill('nightly & weekly');
  const beside = a.replace('.qcow2', '.before it.qcow2');
  await expect(root.getByLabel('New active image of vda')).toHaveValue(beside);
  const typed = join(host.images, `${guest.name}-typed.qcow2`);
  await root.getByLabel('New active image of vdb').fill(typed.replace('.qcow2', ''));
  await root.getByRole('button', { name: 'Add .qcow2' }).click();
  await expect(root.getByLabel('New active image of vdb')).toHaveValue(typed);
  await expect(root.getByRole('region', { name: 'Steps' })).toContainText(
    'Take the snapshot “before it” of 2 disks',
  );
  await expect(at.plan.command).toContainText(`snapshot-create-as ${guest.name} 'before it'`);
  await expect(at.plan.command).toContainText(`--diskspec vdb,file=${typed}`);
  await expect(at.graph.after(2)).toBeVisible();
  await at.plan.start.click();

  await expect(at.notices.of(guest.name)).toContainText('snapshot “before it”: succeeded');
  await expect(at.notices.of(guest.name)).toContainText('Now vda has 2 layers and vdb has 2 layers.');
  await expect(at.graph.now(2)).toBeVisible();
  expect([await chainOf(lab, guest), await chainOf(lab, guest, 'vdb')]).toEqual([
    [beside, a],
    [typed, b],
  ]);
  expect(await virsh(host, 'snapshot-dumpxml', guest.uuid, 'before it')).toContain(
    '<description>nightly &amp; weekly</description>',
  );
  expect([await digestOf(lab, guest), await digestOf(lab, guest, 'vdb')]).toEqual(content);
  expect([await digest(a), await digest(b)]).toEqual(content);
  await Promise.all([rm(beside), rm(typed)]);
});

test('P1 one disk of a guest that is shut off, and the other stays', async ({ page, lab, makeGuest }) => {
  const guest = await makeGuest((name) => ({ ...twoDisks(name), state: 'shut off' }));
  const [a = '', b = ''] = guest.disks.map(({ images }) => images[0]);
  const at = await GuestPage.open(page, guest, 'vda');
  const { root } = await ActionForm.open(page, 'Snapshot');
  await root.getByRole('checkbox', { name: 'vdb' }).uncheck();
  await expect(root.getByRole('checkbox', { name: 'vda' })).toBeDisabled();
  await at.plan.start.click();
  await expect(at.notices.of(guest.name)).toContainText('succeeded');
  const overlay = a.replace('.qcow2', '.snapshot.qcow2');
  await expect(at.graph.now(2)).toBeVisible();
  await virsh(hostOf(lab, guest.host), 'start', guest.uuid);
  expect([await chainOf(lab, guest), await chainOf(lab, guest, 'vdb')]).toEqual([[overlay, a], [b]]);
  await rm(overlay);
});

test('a snapshot that can’t be taken is refused where it was typed, and nothing is done', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(twoDisks);
  const host = hostOf(lab, guest.host);
  const taken = join(host.images, `${guest.name}-taken`);
  await writeFile(taken, '');
  const at = await GuestPage.open(page, guest, 'vda');
  const { root } = await ActionForm.open(page, 'Snapshot');
  await root.getByRole('checkbox', { name: 'vdb' }).uncheck();
  const file = root.getByLabel('New active image of vda');
  await expect(file).toHaveValue(/\.snapshot\.qcow2$/);
  for (const [path, text] of [
    ['images/new.qcow2', 'is not an absolute path'],
    [`${host.images}/../new.qcow2`, 'double slash'],
    [taken, 'overwrites nothing'],
    [host.images, 'is a folder'],
    ['/no-such-folder/new.qcow2', 'There is no folder /no-such-folder'],
    ['', 'No destination is given'],
  ] as const) {
    await file.fill(path);
    await expect(file).toHaveAccessibleDescription(new RegExp(text));
    await expect(at.plan.refusal).toBeVisible();
    await expect(at.plan.start).toBeHidden();
  }
  await file.fill(join(host.images, `${guest.name}-new`));
  await expect(at.plan.start).toBeEnabled();

  const name = root.getByLabel('Name', { exact: true });
  for (const [typed, text] of [
    ['a/b', 'without a slash'],
    ['', 'needs a name'],
    ['n'.repeat(248), 'at most 247 bytes'],
  ] as const) {
    await name.fill(typed);
    await expect(name).toHaveAccessibleDescription(new RegExp(text));
    await expect(at.plan.start).toBeHidden();
  }
  await name.fill('fine');
  await root.getByRole('checkbox', { name: /^Quiesce the guest/ }).check();
  await expect(at.plan.refusal).toContainText('has no channel for a guest agent');
  expect(await chainOf(lab, guest)).toHaveLength(1);
  expect(await virsh(host, 'snapshot-list', guest.uuid, '--name')).toBe('');
  await rm(taken);
});
