import { digestOf } from '../lab/content.ts';
import { MiB } from '../lab/image.ts';
import { run } from '../lab/run.ts';
import { expect, test } from './fixtures.ts';
import { allocated, chainOf, nameOf } from './live-guest.ts';
import { GuestPage } from './pages/guest-page.ts';

const baseAndActive = (name: string) => ({
  disks: [
    {
      layers: [
        {
          file: `${name}-base.img`,
          format: 'raw' as const,
          writes: [{ pattern: 1, offset: 0, length: 24 * MiB }],
        },
        { file: `${name}-active.qcow2`, writes: [{ pattern: 2, offset: 8 * MiB, length: 4 * MiB }] },
      ],
    },
  ],
});

test('A1 a running guest’s disk is flattened completely, and depends on no other image', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(baseAndActive);
  const [active = '', base = ''] = guest.disks[0]?.images ?? [];
  const content = await digestOf(lab, guest);
  const [baseBefore, activeBefore] = [await allocated(base), await allocated(active)];
  const { graph, plan, notices } = await GuestPage.openFromList(page, guest);

  await graph.flattenCompletely.click();
  await expect(plan.title).toHaveText('Flatten vda completely');
  await expect(plan.root).toContainText(
    `merges into ${nameOf(active)}, which then depends on no other image`,
  );
  await expect(graph.after(1)).toBeVisible();
  await expect(plan.command).toContainText(`blockpull ${guest.name} vda --wait`);
  const atMost = await plan.atMost();
  expect(atMost).toBeLessThan(baseBefore * 1.1);

  await plan.start.click();
  await expect(notices.of(guest.name)).toContainText('The chain has 1 layer now.');
  await expect(graph.now(1)).toBeVisible();

  expect(await chainOf(lab, guest)).toEqual([active]);
  expect(JSON.parse(await run('qemu-img', ['info', '-U', '--output=json', active]))).not.toHaveProperty(
    'backing-filename',
  );
  expect(await digestOf(lab, guest)).toBe(content);
  expect((await allocated(active)) - activeBefore).toBeLessThanOrEqual(atMost);
});
