import { join } from 'node:path';
import { digestOf } from '../lab/content.ts';
import { virsh } from '../lab/guest.ts';
import { MiB } from '../lab/image.ts';
import { hostOf, tinyOf } from '../lab/lab.ts';
import { expect, test } from './fixtures.ts';
import { chainOf } from './live-guest.ts';
import { GuestPage } from './pages/guest-page.ts';

test('a file system that may fill up is warned of; when it does, QEMU’s reason is told and nothing is lost', async ({
  page,
  lab,
  makeGuest,
}) => {
  const tiny = tinyOf(lab);
  const guest = await makeGuest((name) => ({
    disks: [
      {
        layers: [
          { file: `${name}-base.qcow2`, writes: [{ pattern: 1, offset: 0, length: 64 * MiB }] },
          {
            file: join(tiny, `${name}-active.qcow2`),
            writes: [{ pattern: 2, offset: 0, length: MiB }],
          },
        ],
      },
    ],
  }));
  const [chain, content] = [await chainOf(lab, guest), await digestOf(lab, guest)];
  const at = await GuestPage.open(page, guest);
  await at.graph.flattenCompletely.click();
  await expect(at.plan.root).toContainText('If the file system fills up the pull fails');
  await at.plan.start.click();
  await expect(at.notices.of(guest.name)).toContainText('The pull failed: No space left on device.');
  await expect(at.graph.now(2)).toBeVisible();

  expect(await virsh(hostOf(lab, guest.host), 'domstate', guest.uuid)).toContain('running');
  expect(await chainOf(lab, guest)).toEqual(chain);
  expect(await digestOf(lab, guest)).toBe(content);
});
