import { digestOf } from '../lab/content.ts';
import { run } from '../lab/run.ts';
import { expect, test } from './fixtures.ts';
import { guideChain, guideImages } from './guide-chain.ts';
import { chainOf } from './live-guest.ts';
import { GuestPage } from './pages/guest-page.ts';

type Images = ReturnType<typeof guideImages>;

const cases = [
  { row: 'A1', base: () => null, after: ({ active }: Images) => [active] },
  { row: 'A2', base: ({ base }: Images) => base, after: ({ active, base }: Images) => [active, base] },
  {
    row: 'P2',
    base: ({ snap1 }: Images) => snap1,
    after: ({ active, snap1, base }: Images) => [active, snap1, base],
  },
];

for (const { row, base, after } of cases) {
  test(`${row} the command that is shown does the same`, async ({ page, lab, makeGuest }) => {
    const guest = await makeGuest(guideChain);
    const images = guideImages(guest);
    const content = await digestOf(lab, guest);
    const { graph, plan } = await GuestPage.open(page, guest);
    const picked = base(images);
    await (picked === null ? graph.flattenCompletely : graph.image(picked)).click();
    await expect(plan.command).toBeVisible();

    await run('sh', ['-c', (await plan.command.textContent()) ?? '']);

    expect(await chainOf(lab, guest)).toEqual(after(images));
    expect(await digestOf(lab, guest)).toBe(content);
    await expect(graph.now(after(images).length)).toBeVisible();
  });
}
