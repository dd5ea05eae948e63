import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digest, digestOf } from '../lab/content.ts';
import { MiB } from '../lab/image.ts';
import { hostOf, type Lab, type LabGuest } from '../lab/lab.ts';
import { run } from '../lab/run.ts';
import { virsh } from '../lab/virsh.ts';
import { verifyWriter, waitForWrites } from '../lab/writer.ts';
import { expect, test } from './fixtures.ts';
import { chainOf, jobOn } from './live-guest.ts';
import { ActionForm } from './pages/action-form.ts';
import { GuestPage } from './pages/guest-page.ts';

/** A path on another file system than the images'; what is there goes with the guest. */
function elsewhere(lab: Lab, guest: LabGuest): string {
  const { second } = lab.folders;
  if (second === null) throw new Error('The lab has no second file system');
  const file = join(second, `${guest.name}.vm.qcow2`);
  guest.files.push(file);
  return file;
}

const STRATEGIES = [
  { strategy: 'Copy, then switch over', step: /Copy vda to .*\.vm\.qcow2/, steps: 1 },
  { strategy: 'Snapshot there, then pull', step: /Pull 3 images into .*\.vm\.qcow2/, steps: 3 },
];

for (const { strategy, step, steps } of STRATEGIES) {
  test(`A3 a disk moves to another file system while its guest writes all through: ${strategy}`, async ({
    page,
    lab,
    makeWriter,
  }) => {
    test.slow();
    const guest = await makeWriter(20);
    const old = guest.disks[0]?.images ?? [];
    const file = elsewhere(lab, guest);
    const at = await GuestPage.openFromList(page, guest);
    const { root } = await ActionForm.open(page, 'Move disk');
    await root.getByRole('textbox', { name: 'New image' }).fill(file);
    await root.getByRole('radio', { name: strategy }).check();
    const listed = root.getByRole('region', { name: 'Steps' }).getByRole('listitem');
    await expect(listed).toHaveCount(steps);
    await expect(listed.filter({ hasText: step })).toHaveCount(1);
    await expect(at.graph.after(1)).toBeVisible();
    // What remains of the old chain is listed, and nothing of it is deleted.
    const outcome = root
      .getByRole('region', { name: 'What happens to the images of vda' })
      .getByRole('listitem');
    await expect(outcome).toHaveCount(4);
    await at.plan.limit.fill('1');
    await at.plan.start.click();

    const running = at.drawer.row(guest.name);
    await expect.poll(() => jobOn(lab, guest)).toEqual({ bandwidth: MiB });
    await waitForWrites(guest, 40);
    await running.setLimit(0);
    await expect(at.notices.of(guest.name)).toContainText('succeeded');
    await expect(at.graph.now(1)).toBeVisible();

    await waitForWrites(guest, 20);
    expect(await chainOf(lab, guest)).toEqual([file]);
    expect(await verifyWriter(lab, guest)).toMatchObject({ lost: [], errors: [] });
    expect(JSON.parse(await run('qemu-img', ['info', '-U', '--output=json', file]))).not.toHaveProperty(
      'backing-filename',
    );
    const host = hostOf(lab, guest.host);
    expect(await virsh(host, 'dumpxml', guest.uuid, '--inactive')).toContain(`<source file='${file}'/>`);
    expect(await virsh(host, 'snapshot-list', guest.uuid, '--name')).toBe('');
    for (const path of old) expect((await stat(path)).size).toBeGreaterThan(0);
  });
}

const plain = (name: string) => ({
  disks: [
    {
      size: 64 * MiB,
      layers: [
        {
          file: `${name}-base.vm.img`,
          format: 'raw' as const,
          writes: [{ pattern: 7, offset: MiB, length: 24 * MiB }],
        },
      ],
    },
  ],
});

test('A3 the destination is begun by choosing a storage pool, and the next start is on the new image', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(plain);
  const [base = ''] = guest.disks[0]?.images ?? [];
  const host = hostOf(lab, guest.host);
  const file = elsewhere(lab, guest);
  const content = await digestOf(lab, guest);
  const bytes = await readFile(base);
  const pool = `pool-of-${guest.name}`;
  const { second } = lab.folders;
  await virsh(host, `pool-define-as ${pool} dir --target ${second}; pool-start ${pool}`);
  try {
    const at = await GuestPage.open(page, guest);
    const { root } = await ActionForm.open(page, 'Move disk');
    const field = root.getByRole('textbox', { name: 'New image' });
    await field.fill(`${host.images}/${guest.name}.vm.qcow2`);
    await root.getByRole('button', { name: new RegExp(`^${pool} · [\\d.]+ .iB free$`) }).click();
    await expect(field).toHaveValue(file);
    await at.plan.start.click();
    await expect(at.notices.of(guest.name)).toContainText('succeeded');
    await expect(at.graph.now(1)).toBeVisible();
  } finally {
    await virsh(host, `pool-destroy ${pool}; pool-undefine ${pool}`);
  }
  expect(await chainOf(lab, guest)).toEqual([file]);
  await virsh(host, `destroy ${guest.uuid}; start ${guest.uuid}`);
  expect(await digestOf(lab, guest)).toBe(content);
  expect((await readFile(base)).equals(bytes)).toBe(true);
});

test('a destination that can’t be is refused where it was typed, and nothing is done', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(plain);
  const [base = ''] = guest.disks[0]?.images ?? [];
  const host = hostOf(lab, guest.host);
  const taken = join(host.images, `${guest.name}-taken`);
  await writeFile(taken, '');
  guest.files.push(taken);
  const content = await digestOf(lab, guest);
  const at = await GuestPage.open(page, guest);
  const { root } = await ActionForm.open(page, 'Move disk');
  const field = root.getByRole('textbox', { name: 'New image' });
  for (const [path, text] of [
    ['', 'No destination is given'],
    ['images/new.qcow2', 'is not an absolute path'],
    [`${host.images}/../new.qcow2`, 'double slash'],
    [host.images, 'is a folder'],
    [taken, 'overwrites nothing'],
    [base, 'overwrites nothing'],
    ['/no-such-folder/new.qcow2', 'There is no folder /no-such-folder'],
    [`${base}/new.qcow2`, 'is not a folder'],
  ] as const) {
    await field.fill(path);
    await expect(field).toHaveAccessibleDescription(new RegExp(text));
    await expect(at.plan.refusal).toBeVisible();
    await expect(at.plan.start).toBeHidden();
  }
  await field.fill(join(host.images, `${guest.name}-new.qcow2`));
  await expect(at.plan.start).toBeEnabled();
  expect(await digestOf(lab, guest)).toBe(content);
  expect(await chainOf(lab, guest)).toEqual([base]);
});

test('a move is cancelled in the middle, the unfinished copy goes and the guest reads the same', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(plain);
  const [base = ''] = guest.disks[0]?.images ?? [];
  const file = elsewhere(lab, guest);
  const content = await digestOf(lab, guest);
  const at = await GuestPage.open(page, guest);
  const { root } = await ActionForm.open(page, 'Move disk');
  await root.getByRole('textbox', { name: 'New image' }).fill(file);
  await at.plan.limit.fill('1');
  await at.plan.start.click();
  const running = at.drawer.row(guest.name);
  await expect.poll(() => running.percent()).toBeGreaterThan(0);
  await running.cancelForSure();
  await expect(at.notices.of(guest.name)).toContainText('cancelled');
  expect(await chainOf(lab, guest)).toEqual([base]);
  await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await jobOn(lab, guest)).toBeNull();
  expect(await digestOf(lab, guest)).toBe(content);
  expect(await digest(base)).toBe(content);
});
