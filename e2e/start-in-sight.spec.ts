import { expect, test } from './fixtures.ts';
import { guideChain, guideImages } from './guide-chain.ts';
import { GuestPage } from './pages/guest-page.ts';

test.use({ viewport: { width: 1440, height: 900 } });

test('regression: the strategies of a plan pushed its start button out of sight', async ({
  page,
  makeGuest,
}) => {
  const guest = await makeGuest(guideChain);
  const at = await GuestPage.open(page, guest);
  await at.graph.image(guideImages(guest).base).click();
  await expect(at.plan.strategy('Cheapest')).toBeVisible();
  await expect(at.plan.start).toBeInViewport({ ratio: 1 });
});
