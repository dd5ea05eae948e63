import { connect } from 'node:net';
import { expect, test } from './fixtures.ts';
import { listeningSockets } from './listening-sockets.ts';
import { pageAddresses } from './routes.ts';

test.describe('scripts', () => {
  for (const path of pageAddresses()) {
    test(`of ${path} carry the nonce of its policy, which is another for each answer`, async ({ page }) => {
      const nonces = new Set<string>();
      for (let time = 0; time < 2; time++) {
        const answer = await page.request.get(path);
        const policy = answer.headers()['content-security-policy'] ?? '';
        const [, scripts = ''] = /(?:^|; )script-src ([^;]+)/.exec(policy) ?? [];
        const [, nonce = ''] = /'nonce-([\w+/]{22}==)'/.exec(scripts) ?? [];
        expect(scripts).toBe(`'self' 'nonce-${nonce}' 'strict-dynamic'`);
        nonces.add(nonce);
        const tags = (await answer.text()).match(/<script\b[^>]*>/g) ?? [];
        expect(tags.length).toBeGreaterThan(0);
        for (const tag of tags) expect(tag).toContain(` nonce="${nonce}"`);
      }
      expect(nonces.size).toBe(2);
    });
  }

  test('that came into a page without the nonce do not run', async ({ page, watch }) => {
    watch.expect(/Content Security Policy/);
    const foreign = '<script>foreign = 1</script><img src="data:," onerror="foreign = 1" alt="">';
    await page.route('/operations', async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace('</body>', `${foreign}</body>`);
      expect(body).toContain(foreign);
      await route.fulfill({ response, body });
    });
    const refused: string[] = [];
    page.on('console', (message) => {
      const [, what = ''] = /Executing (inline .*?) violates/.exec(message.text()) ?? [];
      if (what !== '') refused.push(what);
    });
    await page.goto('/operations');
    await expect(page.getByRole('heading', { name: 'Operations' })).toBeVisible();
    await expect.poll(() => refused.toSorted()).toEqual(['inline event handler', 'inline script']);
    expect(await page.evaluate(() => 'foreign' in window)).toBe(false);
  });
});

test('the server listens on 127.0.0.1 and nowhere else', async ({ dashboard }) => {
  const port = Number(new URL(dashboard.origin).port);
  expect(await listeningSockets(dashboard.pid)).toEqual([`127.0.0.1:${port}`]);
  // All of 127/8 is this machine's: whoever listens on every address answers there.
  for (const host of ['127.0.0.2', '::1']) expect(await tryTo(host, port), host).toBe('ECONNREFUSED');
  expect(await tryTo('127.0.0.1', port)).toBe('connected');
});

test('no script of a page can read a cookie, and no other site’s page sends one along', async ({
  page,
  context,
}) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('radiogroup', { name: 'Theme' }).getByText('Dark').click();
  const theme = async () => (await context.cookies()).find(({ name }) => name.includes('theme'));
  await expect.poll(theme).toBeDefined();
  const cookies = await context.cookies();
  expect(cookies.map(({ name }) => name)).toContain('backchain.session_token');
  for (const { name, httpOnly, sameSite, path } of cookies) {
    expect({ name, httpOnly, sameSite, path }).toEqual({ name, httpOnly: true, sameSite: 'Lax', path: '/' });
  }
  expect(await page.evaluate(() => document.cookie)).toBe('');
});

/** How a connection to a port of this machine goes: `connected`, or the system's reason why not. */
function tryTo(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once('connect', () => socket.destroy() && resolve('connected'));
    socket.once('error', (error) => resolve('code' in error ? String(error.code) : error.message));
  });
}
