import { hostOf } from '../lab/lab.ts';
import { expect, test } from './fixtures.ts';
import { GuestPage } from './pages/guest-page.ts';
import { Hosts } from './pages/hosts.ts';

test('a host is taken off the list after a question, tried, and added again by its URI', async ({
  ownPage: page,
  lab,
}) => {
  const { fleet } = new GuestPage(page);
  const hosts = new Hosts(page);
  await expect(fleet.guest('edge-1')).toBeVisible();
  await hosts.remove('beta').click();
  await expect(hosts.question).toContainText('Nothing changes on the host itself');
  await hosts.question.getByRole('button', { name: 'Remove the host' }).click();
  await expect(fleet.guest('edge-1')).toBeHidden();

  await hosts.uri.fill(hostOf(lab, 'beta').uri);
  await hosts.test.click();
  await expect(hosts.root.getByRole('status')).toContainText(/answers: libvirt \d+\.\d+/);
  await hosts.add.click();
  await expect(fleet.guest('edge-1')).toBeVisible();
});

const refused = [
  { uri: 'xen:///system', text: 'is not a libvirt connection URI that Backchain supports' },
  { uri: 'qemu+unix:///session?socket=/nowhere', text: 'does not answer' },
];

for (const { uri, text } of refused) {
  test(`${uri} is refused where it was typed, and not added`, async ({ page, watch }) => {
    watch.expect(/status of (400|500)/);
    await page.goto('/');
    const hosts = new Hosts(page);
    await hosts.uri.fill(uri);
    await hosts.add.click();
    await expect(hosts.root.getByRole('alert')).toContainText(text);
    await expect(hosts.uri).toHaveValue(uri);
    await expect(hosts.removals()).toHaveCount(2);
  });
}
