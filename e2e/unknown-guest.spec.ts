import { createGuest, destroyGuest } from '../lab/guest.ts';
import { hostOf } from '../lab/lab.ts';
import { virsh } from '../lab/virsh.ts';
import { flattenTo } from '../model/testing.ts';
import { bigChain, bigImages } from './big-chain.ts';
import { expect, test } from './fixtures.ts';
import { holdStart } from './hold-start.ts';
import { chainOf } from './live-guest.ts';
import { GuestPage } from './pages/guest-page.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';

test('a preview or a start that names no guest, or no disk of it, is refused with the reason', async ({
  page,
  dashboard,
  makeGuest,
}) => {
  const guest = await makeGuest(bigChain);
  await GuestPage.open(page, guest);
  const [, hostId = ''] = /\/h\/([^/]+)\//.exec(page.url()) ?? [];
  const asked = [
    {
      guest: { hostId, uuid: NOBODY },
      intent: flattenTo(null),
      problem: { code: 'GUEST_UNKNOWN', params: { uuid: NOBODY } },
    },
    {
      guest: { hostId, uuid: guest.uuid },
      intent: flattenTo(null, { target: 'vdz' }),
      problem: { code: 'DISK_UNKNOWN', params: { target: 'vdz', guest: guest.name } },
    },
  ];
  for (const { problem, ...input } of asked) {
    const query = encodeURIComponent(JSON.stringify({ json: input }));
    const preview = await page.request.get(`/api/trpc/plans.preview?input=${query}`);
    const start = await page.request.post('/api/trpc/operations.start', {
      headers: { Origin: dashboard.origin },
      data: { json: { ...input, fingerprint: '[]', bandwidth: 0 } },
    });
    for (const answer of [preview, start]) {
      expect(answer.status()).toBe(404);
      expect((await answer.json()).error.json.data.problem).toEqual(problem);
    }
  }
});

test('the addresses of no guest and of no disk say what is not there', async ({ page, makeGuest }) => {
  const guest = await makeGuest(bigChain);
  const at = await GuestPage.open(page, guest);
  const address = page.url();
  await page.goto(address.replace(guest.uuid, NOBODY));
  await expect(at.main).toContainText(NOBODY);
  await page.goto(`${address.replace(/\/vda$/, '')}/vdz`);
  await expect(at.main).toContainText('vdz');
});

test('a guest that was undefined between plan and start is not flattened, and the text says why', async ({
  page,
  lab,
  watch,
}) => {
  watch.expect(/404/);
  const guest = await createGuest(lab, { ...bigChain('short-lived'), name: 'short-lived' });
  const at = await GuestPage.open(page, guest);
  const start = await holdStart(page);
  await at.flattenToward(bigImages(guest).base);
  await start.held;
  await destroyGuest(lab, guest);
  await expect(at.fleet.guest(guest.name)).toHaveCount(0);
  const answered = page.waitForResponse('**/api/trpc/operations.start*');
  start.release();
  expect((await answered).status()).toBe(404);
  await expect(at.main).toContainText(guest.uuid);
  await expect(at.drawer.heading).toHaveText('No operation running');
});

test('a disk that was detached between plan and start is not flattened, and the text says why', async ({
  page,
  lab,
  makeGuest,
  watch,
}) => {
  watch.expect(/404/);
  const guest = await makeGuest((name) => ({
    ...{
      state: 'shut off',
      disks: [{ layers: 2 }, { target: 'vdb', layers: [{ file: `${name}-vdb.qcow2` }] }],
    },
  }));
  const at = await GuestPage.open(page, guest);
  const start = await holdStart(page);
  await at.graph.flattenCompletely.click();
  await at.plan.start.click();
  await start.held;
  await virsh(hostOf(lab, guest.host), 'detach-disk', guest.uuid, 'vda', '--config');
  const answered = page.waitForResponse('**/api/trpc/operations.start*');
  start.release();
  expect((await answered).status()).toBe(404);
  await expect(at.main).toContainText(`${guest.name} has no disk vda`);
  await expect(at.main).toContainText('Choose one of its disks above');
  await expect(at.drawer.heading).toHaveText('No operation running');
  expect(await chainOf(lab, guest, 'vdb')).toHaveLength(1);
});
