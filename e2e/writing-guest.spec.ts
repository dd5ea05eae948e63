import { verifyWriter, waitForWrites } from '../lab/writer.ts';
import { expect, test } from './fixtures.ts';
import { chainOf, jobOn } from './live-guest.ts';
import { GuestPage } from './pages/guest-page.ts';

test('a guest that writes all through a throttled flatten loses nothing', async ({
  page,
  lab,
  makeWriter,
}) => {
  test.slow();
  const guest = await makeWriter(50);
  const [active = '', , base = ''] = guest.disks[0]?.images ?? [];
  const at = await GuestPage.open(page, guest);

  await at.flattenToward(base, 1);
  const running = at.drawer.row(guest.name);
  await expect.poll(() => running.percent()).toBeGreaterThan(0);
  await waitForWrites(guest, 100);
  expect(await verifyWriter(lab, guest)).toMatchObject({ lost: [], errors: [] });
  expect(await jobOn(lab, guest)).not.toBeNull();

  await running.setLimit(0);
  await expect(at.notices.of(guest.name)).toContainText('succeeded');
  expect(await chainOf(lab, guest)).toEqual([active, base]);
  await waitForWrites(guest, 50);
  const verdict = await verifyWriter(lab, guest);
  expect(verdict).toMatchObject({ lost: [], errors: [] });
  expect(verdict.records).toBeGreaterThanOrEqual(200);
});
