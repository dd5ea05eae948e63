import { expect, test } from './fixtures.ts';
import { Fleet } from './pages/fleet.ts';
import { GuestPage } from './pages/guest-page.ts';
import { SignInPage } from './pages/sign-in-page.ts';
import { signIn } from './sign-in.ts';

// Everybody here comes in by themselves.
test.use({ storageState: { cookies: [], origins: [] } });

test('a link signs in once; a second browser shows that it is used, and how to get another', async ({
  page,
  browser,
  dashboard,
  watch,
}) => {
  watch.expect(/401/);
  const link = await dashboard.signInLink();
  await page.goto(link);
  await expect(new Fleet(page).root).toBeVisible();
  expect(page.url()).not.toContain('token');

  const other = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const stranger = new SignInPage(await other.newPage());
  await stranger.page.goto(link);
  await expect(stranger.problem).toContainText('This link has been used. npm run sign-in-link');
  await other.close();
});

test('the link that a first start prints signs in once; a later start prints none', async ({
  browser,
  ownDashboard,
}) => {
  const printed = async () =>
    [...(await ownDashboard.log()).matchAll(/^ {2}(http\S+)$/gm)].map(([, address = '']) => address);
  const [link = '', ...more] = await printed();
  expect(more).toEqual([]);
  expect(link).toContain(`${ownDashboard.origin}/sign-in?token=`);
  const page = await browser.newPage();
  await page.goto(link);
  await expect(new Fleet(page).root).toBeVisible();

  // A page that is open goes to the sign-in by itself once its session is over.
  await page.goto('about:blank');
  await page.context().clearCookies();
  await page.goto(link);
  await expect(new SignInPage(page).problem).toContainText('This link has been used. npm run sign-in-link');
  await page.close();
  await ownDashboard.kill();
  await ownDashboard.start();
  expect(await printed()).toEqual([link]);
});

test('a link that nobody made is refused', async ({ page, watch }) => {
  watch.expect(/401/);
  await page.goto('/sign-in?token=invented');
  await expect(new SignInPage(page).problem).toContainText('This link does not belong to this dashboard');
});

test('whoever signs out is out, and leads back to where they wanted to go', async ({
  page,
  dashboard,
  watch,
}) => {
  await signIn(page, dashboard);
  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(new SignInPage(page).name).toBeVisible();
  watch.expect(/401/);
  expect((await page.request.get('/api/trpc/guests.list')).status()).toBe(401);
  await page.goto('/operations');
  await expect(page).toHaveURL(/\/sign-in\?next=%2Foperations$/);
});

// On a dashboard of its own: whoever sets a password ends all other sessions of that person.
test('a name and password let in where they belong together', async ({ ownPage: page, ownDashboard }) => {
  const password = 'correct horse battery';
  const set = await page.request.post('/api/auth/credentials', {
    headers: { Origin: ownDashboard.origin },
    data: { username: 'operator', newPassword: password },
  });
  expect(set.ok()).toBe(true);
  await page.context().clearCookies();

  const at = new SignInPage(page);
  await page.goto('/operations');
  await at.signIn('operator', 'something else');
  await expect(at.problem).toContainText('This name and password don’t match.');
  await at.signIn('operator', password);
  await expect(page).toHaveURL(/\/operations$/);
  await expect(page.getByRole('heading', { name: 'Operations' })).toBeVisible();
});

test('a name and password are set on the account page, and all other sessions end with that, open pages included', async ({
  ownPage: page,
  ownDashboard,
  browser,
}) => {
  const elsewhere = await browser.newPage({ baseURL: ownDashboard.origin });
  await signIn(elsewhere, ownDashboard);
  await expect(new GuestPage(elsewhere).live).toHaveText('live');

  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('link', { name: 'Name and password' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('night.shift');
  await page.getByRole('textbox', { name: 'New password' }).fill('short');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('main').getByRole('alert')).toHaveText('A password has 10 to 128 characters.');
  await page.getByRole('textbox', { name: 'New password' }).fill('correct horse battery');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('main').getByRole('status')).toContainText('Saved');
  await page.getByRole('button', { name: 'Account' }).click();
  await expect(page.getByText('Signed in as night.shift')).toBeVisible();

  const signIns = new SignInPage(elsewhere);
  await signIns.signIn('night.shift', 'correct horse battery');
  await expect(new GuestPage(elsewhere).live).toHaveText('live');
  await elsewhere.close();
});

test('a page that is open in another tab leads to the sign-in when its person signs out', async ({
  ownPage: page,
}) => {
  const other = await page.context().newPage();
  await other.goto('/operations');
  await expect(new GuestPage(other).live).toHaveText('live');
  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(new SignInPage(other).name).toBeVisible();
  await expect(other).toHaveURL(/next=%2Foperations/);
});

test('an open page leads to the sign-in once its session is over', async ({
  ownPage: page,
  ownDashboard,
}) => {
  await expect(new GuestPage(page).live).toHaveText('live');
  await page.context().clearCookies();
  await ownDashboard.kill();
  await ownDashboard.start();
  await expect(new SignInPage(page).submit).toBeVisible();
});
