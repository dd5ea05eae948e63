import { digestOf } from '../lab/content.ts';
import { MiB } from '../lab/image.ts';
import { hostOf } from '../lab/lab.ts';
import { virsh } from '../lab/virsh.ts';
import { verifyWriter, waitForWrites } from '../lab/writer.ts';
import { expect, test } from './fixtures.ts';
import { chainOf, jobOn, nameOf } from './live-guest.ts';
import { ActionForm } from './pages/action-form.ts';
import { GuestPage } from './pages/guest-page.ts';

/** base <- sn1 <- sn2 <- active, with snapshot records of sn2 and of the active image. */
const recorded = (name: string) => ({
  disks: [
    {
      size: 64 * MiB,
      layers: [
        { file: `${name}-base.qcow2`, writes: [{ pattern: 1, offset: 0, length: 8 * MiB }] },
        { file: `${name}-sn1.qcow2`, writes: [{ pattern: 2, offset: 4 * MiB, length: 8 * MiB }] },
        {
          file: `${name}-sn2.qcow2`,
          snapshot: 'one',
          writes: [{ pattern: 3, offset: 16 * MiB, length: 4 * MiB }],
        },
        { file: `${name}-active.qcow2`, snapshot: 'two', writes: [{ pattern: 4, offset: 0, length: MiB }] },
      ],
    },
  ],
});

test('a run of layers merges down into the base that was picked, and its records are forgotten', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(recorded);
  const [active = '', sn2 = '', sn1 = '', base = ''] = guest.disks[0]?.images ?? [];
  const content = await digestOf(lab, guest);
  const at = await GuestPage.open(page, guest);
  const { root } = await ActionForm.open(page, 'Commit images');
  await expect(root.getByLabel('Into')).toHaveValue(base);
  await expect(root.getByLabel('From')).toHaveValue(sn1);
  // What is picked in the graph is the base.
  await at.graph.image(sn1).click();
  await expect(root.getByLabel('Into')).toHaveValue(sn1);
  await expect(root.getByLabel('From')).toHaveValue(sn2);
  await root.getByLabel('Into').selectOption({ label: nameOf(base) });
  await expect(root.getByRole('region', { name: 'Steps' }).getByRole('listitem')).toHaveText([
    new RegExp(`Commit 2 images into ${nameOf(base)}`),
    /Forget/,
  ]);
  await expect(at.plan.command.first()).toContainText(
    `blockcommit ${guest.name} vda --base ${base} --top ${sn2}`,
  );
  await expect(at.graph.after(2)).toBeVisible();
  await at.plan.start.click();

  await expect(at.notices.of(guest.name)).toContainText('succeeded');
  await expect(at.graph.now(2)).toBeVisible();
  expect(await chainOf(lab, guest)).toEqual([active, base]);
  expect(await digestOf(lab, guest)).toBe(content);
  expect(await virsh(hostOf(lab, guest.host), 'snapshot-list', guest.uuid, '--name')).toBe('');
});

test('the whole chain merges down under a guest that writes all through, and it continues on the base', async ({
  page,
  lab,
  makeWriter,
}) => {
  test.slow();
  const guest = await makeWriter(20);
  const [active = '', , base = ''] = guest.disks[0]?.images ?? [];
  const at = await GuestPage.open(page, guest);
  const { root } = await ActionForm.open(page, 'Commit images');
  await root.getByLabel('From').selectOption({ value: active });
  await expect(root.getByRole('region', { name: 'Steps' })).toContainText('pivot');
  await at.plan.limit.fill('1');
  await at.plan.start.click();
  const running = at.drawer.row(guest.name);
  await expect.poll(() => jobOn(lab, guest)).toEqual({ bandwidth: MiB });
  await waitForWrites(guest, 40);
  await running.setLimit(0);
  await expect(at.notices.of(guest.name)).toContainText('succeeded');
  await expect(at.graph.now(1)).toBeVisible();
  await waitForWrites(guest, 20);
  expect(await chainOf(lab, guest)).toEqual([base]);
  expect(await verifyWriter(lab, guest)).toMatchObject({ lost: [], errors: [] });
  const definition = await virsh(hostOf(lab, guest.host), 'dumpxml', guest.uuid, '--inactive');
  expect(definition).toContain(`<source file='${base}'/>`);
});

test('nothing merges into an image that a guest which is shut off uses, and that guest is named', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(recorded);
  const base = guest.disks[0]?.images[3] ?? '';
  const other = await makeGuest((name) => ({
    state: 'shut off',
    disks: [{ size: 64 * MiB, layers: [{ file: base, existing: true }, { file: `${name}.qcow2` }] }],
  }));
  const [content, theirs] = [await digestOf(lab, guest), await digestOf(lab, other)];
  const at = await GuestPage.open(page, guest);
  const { root } = await ActionForm.open(page, 'Commit images');
  await expect(at.plan.refusal).toContainText(`is also used by ${other.name} (vda)`);
  await expect(at.plan.start).toBeHidden();
  // Above it nothing is shared.
  await root.getByLabel('Into').selectOption({ label: nameOf(guest.disks[0]?.images[2] ?? '') });
  await expect(at.plan.start).toBeEnabled();
  expect([await digestOf(lab, guest), await digestOf(lab, other)]).toEqual([content, theirs]);
});
