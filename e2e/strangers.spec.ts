import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { handlerAddresses, pageAddresses } from './routes.ts';

/** What `server/api/router.test.ts` keeps complete. */
const procedures: Record<'query' | 'mutation' | 'subscription', string[]> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'procedures.json'), 'utf8'),
);

const strangers = [
  { who: 'without a session', cookies: [] },
  {
    who: 'with a session that is none',
    // Whoever has such a cookie passes the proxy: each answer has to look for itself.
    cookies: [
      {
        ...{ name: 'backchain.session_token', value: 'invented', domain: '127.0.0.1', path: '/' },
        ...{ expires: -1, httpOnly: true, secure: false, sameSite: 'Lax' as const },
      },
    ],
  },
];

for (const { who, cookies } of strangers) {
  test.describe(who, () => {
    test.use({ storageState: { cookies, origins: [] } });

    for (const path of pageAddresses().filter((address) => address !== '/sign-in')) {
      test(`the page ${path} leads to the sign-in, and says nothing of the fleet`, async ({ page, lab }) => {
        await page.goto(path);
        await expect(page).toHaveURL(/\/sign-in/);
        await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
        // As a page, and as what Next asks for when a link is followed.
        const asked = [
          { url: path, headers: {} },
          { url: `${path}?_rsc`, headers: { RSC: '1' } },
        ];
        for (const { url, headers } of asked) {
          const answer = await page.request.get(url, { headers, maxRedirects: 0 });
          const said = JSON.stringify(answer.headers()) + (await answer.text());
          expect(said).toContain('/sign-in');
          for (const { name, uuid } of lab.guests) expect(said).not.toMatch(new RegExp(`${name}|${uuid}`));
        }
      });
    }

    test('every procedure and the stream answer with 401', async ({ page, dashboard }) => {
      const headers = { Origin: dashboard.origin };
      const input = encodeURIComponent(JSON.stringify({ json: {} }));
      for (const path of [...procedures.query, ...procedures.subscription]) {
        const answer = await page.request.get(`/api/trpc/${path}?input=${input}`);
        expect(answer.status(), path).toBe(401);
      }
      for (const path of procedures.mutation) {
        const answer = await page.request.post(`/api/trpc/${path}`, { headers, data: { json: {} } });
        expect(answer.status(), path).toBe(401);
      }
      const batch = procedures.query.join(',');
      expect((await page.request.get(`/api/trpc/${batch}?batch=1`)).status(), 'a batch').toBe(401);
    });

    test('no other route answers, but for the one that says that the server runs', async ({ page }) => {
      for (const path of handlerAddresses()) {
        const open = path === '/api/health';
        const answer = await page.request.get(path);
        expect([answer.ok(), path]).toEqual([open, path]);
        // better-auth is closed but for what `sign-in.spec.ts` uses.
        if (!open) expect([401, 404], path).toContain(answer.status());
      }
      const health = await (await page.request.get('/api/health')).json();
      expect(Object.keys(health)).toEqual(['ok', 'hosts']);
    });
  });
}

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
