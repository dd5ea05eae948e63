import { virsh } from '../lab/guest.ts';
import { guestOf, hostOf } from '../lab/lab.ts';
import { bigChain, bigImages } from './big-chain.ts';
import { expect, test } from './fixtures.ts';
import { chainOf } from './live-guest.ts';
import { GuestPage } from './pages/guest-page.ts';

const refused = [
  { guest: 'build-1', text: 'has extended L2 entries, and a pull into it can kill the guest on QEMU' },
  { guest: 'test-1', text: 'holds 1 internal snapshot. A guest whose chain loses this image' },
];

for (const { guest: name, text } of refused) {
  test(`a flatten of ${name} is refused with the reason`, async ({ page, lab }) => {
    const guest = guestOf(lab, name);
    const { graph, plan } = await GuestPage.open(page, guest);
    await graph.flattenCompletely.click();
    await expect(plan.refusal).toContainText(text);
    await expect(plan.start).toBeHidden();
  });
}

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
