import { guestOf, hostOf } from '../lab/lab.ts';
import { virsh } from '../lab/virsh.ts';
import { bigChain, bigImages } from './big-chain.ts';
import { expect, test } from './fixtures.ts';
import { chainOf } from './live-guest.ts';
import { GuestPage } from './pages/guest-page.ts';

test('a flatten of a layer with an internal snapshot is refused with the reason', async ({ page, lab }) => {
  const { graph, plan } = await GuestPage.open(page, guestOf(lab, 'test-1'));
  await graph.flattenCompletely.click();
  await expect(plan.refusal).toContainText(
    'holds 1 internal snapshot. If the guest’s chain loses this image',
  );
  await expect(plan.start).toBeHidden();
});

test('a pull into extended L2 entries is refused on a QEMU that may die of it, and on no other', async ({
  page,
  lab,
}) => {
  const guest = guestOf(lab, 'build-1');
  const said = await virsh(hostOf(lab, guest.host), 'version');
  const [, qemu = ''] = /^Running hypervisor: QEMU ([\d.]+)$/m.exec(said) ?? [];
  expect(qemu).not.toBe('');
  const { graph, plan } = await GuestPage.open(page, guest);
  await graph.flattenCompletely.click();
  if (/^([0-7]\.|8\.[01]\.)/.test(qemu)) {
    await expect(plan.refusal).toContainText(
      'has extended L2 entries, and a pull into it can kill the guest on its host’s QEMU. Update that to 8.2 or later first.',
    );
    await expect(plan.start).toBeHidden();
  } else {
    await expect(plan.start).toBeEnabled();
    await expect(plan.refusal).toBeHidden();
  }
});

test('a disk with a block job of somebody else is refused until that is over', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(bigChain);
  const host = hostOf(lab, guest.host);
  await virsh(host, 'blockpull', guest.uuid, 'vda', '--bandwidth', '1');
  const { graph, plan } = await GuestPage.open(page, guest);
  await graph.image(bigImages(guest).base).click();
  await expect(plan.refusal).toContainText('vda already has a block job (pull). Wait until it ends');
  await virsh(host, 'blockjob', guest.uuid, 'vda', '--abort');
  await expect(plan.refusal).toBeHidden();
  await expect(plan.start).toBeEnabled();
  expect(await chainOf(lab, guest)).toHaveLength(3);
});

test('the image that the guest writes to is no base, the one below it leaves nothing to merge', async ({
  page,
  makeGuest,
}) => {
  const guest = await makeGuest(bigChain);
  const { active, middle } = bigImages(guest);
  const { graph, plan } = await GuestPage.open(page, guest);
  await graph.image(active).click();
  await expect(plan.root).toContainText('The guest writes to this image, so it can’t be the base.');
  await graph.image(middle).click();
  await expect(plan.root).toContainText(
    'already backs the active image directly; there is nothing to flatten.',
  );
});

test('a guest whose memory is kept for its next start is refused until that is gone', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(bigChain);
  const host = hostOf(lab, guest.host);
  await virsh(host, 'managedsave', guest.uuid);
  const { graph, plan } = await GuestPage.open(page, guest);
  await graph.image(bigImages(guest).base).click();
  await expect(plan.refusal).toContainText('virsh managedsave-remove');
  await virsh(host, 'managedsave-remove', guest.uuid);
  await page.reload();
  await expect(plan.start).toBeEnabled();
  await expect(plan.root).toContainText('libvirt starts it paused');
});
