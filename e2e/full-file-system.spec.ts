import { join } from 'node:path';
import { MiB } from '../lab/image.ts';
import { tinyOf } from '../lab/lab.ts';
import { expect, test } from './fixtures.ts';
import { GuestPage } from './pages/guest-page.ts';

test('a flatten that needs more than there is cannot be started, and the figures say why', async ({
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
  const at = await GuestPage.open(page, guest);
  await at.graph.flattenCompletely.click();
  await expect(at.plan.root).toContainText(`This needs at least 63.`);
  await expect(at.plan.root).toContainText(`on ${tiny}, where`);
  await expect(at.plan.start).toHaveCount(0);
});
