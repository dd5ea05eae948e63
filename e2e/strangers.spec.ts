import { request } from 'node:http';
import { expect, test } from './fixtures.ts';

test.describe('without a session', () => {
  test.use({ storageState: { cookies: [], origins: [] } });

  for (const path of ['/', '/operations', '/h/any/00000000-0000-4000-8000-000000000000/vda']) {
    test(`the page ${path} leads to the sign-in`, async ({ page }) => {
      await page.goto(path);
      await expect(page).toHaveURL(/\/sign-in/);
      await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
    });
  }

  test('procedures and the stream answer with 401', async ({ page, dashboard }) => {
    const headers = { Origin: dashboard.origin };
    const input = encodeURIComponent(JSON.stringify({ json: {} }));
    for (const path of ['guests.list', 'hosts.list', `events.stream?input=${input}`]) {
      expect((await page.request.get(`/api/trpc/${path}`)).status(), path).toBe(401);
    }
    for (const path of ['operations.start', 'operations.cancel', 'hosts.add', 'snapshots.forget']) {
      const answer = await page.request.post(`/api/trpc/${path}`, { headers, data: { json: {} } });
      expect(answer.status(), path).toBe(401);
    }
  });
});

test.describe('with a session', () => {
  const change = '/api/trpc/hosts.add';
  const data = { json: { uri: 'qemu:///system' } };

  test('a request of another site’s page changes nothing', async ({ page }) => {
    const foreign = await page.request.post(change, { headers: { Origin: 'http://evil.example' }, data });
    expect(foreign.status()).toBe(403);
    expect(await foreign.json()).toMatchObject({ code: 'ORIGIN_UNKNOWN' });
    const silent = await page.request.post(change, { data });
    expect(silent.status()).toBe(403);
    expect(await silent.json()).toMatchObject({ code: 'ORIGIN_MISSING' });
  });

  test('a name that somebody else pointed here is not answered', async ({ dashboard, session }) => {
    const cookie = session.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const status = await new Promise((resolve, reject) => {
      const asked = request(`${dashboard.origin}/`, { headers: { Host: 'evil.example', Cookie: cookie } });
      asked.on('response', (answer) => resolve(answer.resume().statusCode)).on('error', reject);
      asked.end();
    });
    expect(status).toBe(421);
  });
});
