import { getMigrations } from 'better-auth/db/migration';
import { admin, username } from 'better-auth/plugins';
import { describe, expect, it, vi } from 'vitest';
import { originsOf } from './origins.ts';
import { cookieOf, openTestAuth, post, SECRET, signedIn, tokenIn } from './testing.ts';

// Hashing passwords takes time, on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

const MINUTE = 60_000;

describe('sign-in link', () => {
  it('creates the administrator on the first start, and signs in as them', async () => {
    await using opened = await openTestAuth();
    const { auth } = opened;
    const link = await auth.firstLink();
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:3000\/sign-in\?token=[\w-]{43}$/);
    const response = await auth.handler(post('/sign-in/link', { token: tokenIn(link) }));
    expect(response.status).toBe(200);
    const session = await auth.session(new Headers({ cookie: cookieOf(response) }));
    expect(session).toMatchObject({ userId: expect.any(String), name: 'admin', role: 'admin' });
  });

  it('is printed at each start until somebody signs in by one', async () => {
    await using opened = await openTestAuth();
    const { auth, store } = opened;
    await auth.firstLink();
    const link = await auth.firstLink();
    expect(link).not.toBeNull();
    await auth.handler(post('/sign-in/link', { token: tokenIn(link) }));
    expect(await auth.firstLink()).toBeNull();
    expect(await store.db.selectFrom('user').select('username').execute()).toEqual([{ username: 'admin' }]);
  });

  it('works once, and says how to get another', async () => {
    await using opened = await openTestAuth();
    const { auth } = opened;
    const token = tokenIn(await auth.issueLink());
    expect((await auth.handler(post('/sign-in/link', { token }))).status).toBe(200);
    const again = await auth.handler(post('/sign-in/link', { token }));
    expect(again.status).toBe(401);
    expect(again.headers.getSetCookie()).toEqual([]);
    expect(again.headers.get('Cache-Control')).toBe('no-store');
    expect(await again.json()).toMatchObject({
      code: 'LINK_USED',
      message: expect.stringContaining('npm run sign-in-link'),
    });
  });

  it('signs in one of many requests that arrive at once', async () => {
    await using opened = await openTestAuth();
    const { auth } = opened;
    const token = tokenIn(await auth.issueLink());
    const responses = await Promise.all(
      Array.from({ length: 8 }, () => auth.handler(post('/sign-in/link', { token }))),
    );
    const statuses = responses.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 401, 401, 401, 401, 401, 401, 401]);
  });

  it('expires after 15 minutes', async () => {
    let now = Date.now();
    await using opened = await openTestAuth({ now: () => now });
    const { auth } = opened;
    const [early, late] = [tokenIn(await auth.issueLink()), tokenIn(await auth.issueLink())];
    now += 15 * MINUTE - 1;
    expect((await auth.handler(post('/sign-in/link', { token: early }))).status).toBe(200);
    now += 1;
    const response = await auth.handler(post('/sign-in/link', { token: late }));
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'LINK_EXPIRED' });
  });

  it.each(['', 'wrong', 'x'.repeat(200)])('refuses the token %j', async (token) => {
    await using opened = await openTestAuth();
    await opened.auth.issueLink();
    const response = await opened.auth.handler(post('/sign-in/link', { token }));
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'LINK_UNKNOWN' });
  });

  it.each([[{}], [{ token: 7 }], [{ token: 'x'.repeat(201) }], [[]]])('refuses the body %j', async (body) => {
    await using opened = await openTestAuth();
    expect((await opened.auth.handler(post('/sign-in/link', body))).status).toBe(400);
  });

  it('is not used up by a GET, such as that of a mail scanner', async () => {
    await using opened = await openTestAuth();
    const { auth } = opened;
    const token = tokenIn(await auth.issueLink());
    const url = `http://127.0.0.1:3000/api/auth/sign-in/link?token=${token}`;
    const response = await auth.handler(new Request(url, { headers: { host: '127.0.0.1:3000' } }));
    expect(response.status).toBe(404);
    expect((await auth.handler(post('/sign-in/link', { token }))).status).toBe(200);
  });

  it('is stored only as a hash', async () => {
    await using opened = await openTestAuth();
    const token = tokenIn(await opened.auth.issueLink());
    const rows = await opened.store.db.selectFrom('sign_in_link').selectAll().execute();
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it('is for people who exist', async () => {
    await using opened = await openTestAuth();
    await opened.auth.firstLink();
    await expect(opened.auth.issueLink('nobody')).rejects.toThrow('Nobody is called "nobody" here');
    expect(await opened.auth.issueLink('Admin')).toContain('/sign-in?token=');
  });
});

describe('session', () => {
  it('has a cookie that scripts and other sites do not get, and that is sent over TLS only where there is TLS', async () => {
    for (const [origin, secure] of [
      ['http://127.0.0.1:3000', false],
      ['https://backchain.example.org', true],
    ] as const) {
      const origins = originsOf({ NODE_ENV: 'test', BACKCHAIN_ORIGIN: origin });
      await using opened = await openTestAuth({ origins });
      const { auth } = opened;
      const response = await auth.handler(post('/sign-in/link', { token: tokenIn(await auth.issueLink()) }));
      const [cookie = '', ...others] = response.headers.getSetCookie();
      expect(others).toEqual([]);
      expect(cookie).toMatch(secure ? /^__Secure-backchain\.session_token=/ : /^backchain\.session_token=/);
      expect(cookie).toMatch(/; HttpOnly/);
      expect(cookie).toMatch(/; SameSite=Lax/);
      expect(/; Secure/.test(cookie)).toBe(secure);
    }
  });

  it('is nobody without a cookie, with an invented one and after signing out', async () => {
    await using opened = await openTestAuth();
    const { auth } = opened;
    expect(await auth.session(new Headers())).toBeNull();
    expect(await auth.session(new Headers({ cookie: 'backchain.session_token=abc.def' }))).toBeNull();
    const headers = await signedIn(auth);
    expect(await auth.session(new Headers(headers))).not.toBeNull();
    expect((await auth.handler(post('/sign-out', {}, headers))).status).toBe(200);
    expect(await auth.session(new Headers(headers))).toBeNull();
  });
});

describe('the end of a session', () => {
  it('by signing out is reported to everything of that session and to nothing else', async () => {
    await using opened = await openTestAuth();
    const { auth } = opened;
    const [here, elsewhere] = [await signedIn(auth), await signedIn(auth)];
    const ended = async (headers: { cookie: string }) =>
      (await auth.session(new Headers(headers)))?.ended() ?? AbortSignal.abort();
    const [tab, other, away] = [await ended(here), await ended(here), await ended(elsewhere)];
    expect([tab, other, away].map(({ aborted }) => aborted)).toEqual([false, false, false]);
    await auth.handler(post('/sign-out', {}, here));
    expect([tab, other, away].map(({ aborted }) => aborted)).toEqual([true, true, false]);
  });

  it('by a new password is reported to all other sessions of the person', async () => {
    await using opened = await openTestAuth();
    const { auth } = opened;
    const [here, elsewhere] = [await signedIn(auth), await signedIn(auth)];
    const [stays, goes] = await Promise.all(
      [here, elsewhere].map(async (headers) => (await auth.session(new Headers(headers)))?.ended()),
    );
    await auth.handler(post('/credentials', { newPassword: 'correct horse battery' }, here));
    expect(stays?.aborted).toBe(false);
    expect(goes?.aborted).toBe(true);
  });
});

describe('password', () => {
  const credentials = { username: 'Ada', newPassword: 'correct horse battery' };

  it('is set after signing in by a link, and ends the other sessions', async () => {
    await using opened = await openTestAuth();
    const { auth } = opened;
    const [here, elsewhere] = [await signedIn(auth), await signedIn(auth)];
    expect((await auth.handler(post('/credentials', credentials, here))).status).toBe(200);
    expect(await auth.session(new Headers(here))).toMatchObject({ name: 'ada' });
    expect(await auth.session(new Headers(elsewhere))).toBeNull();

    const right = { username: 'ada', password: credentials.newPassword };
    const response = await auth.handler(post('/sign-in/username', right));
    expect(response.status).toBe(200);
    expect(await auth.session(new Headers({ cookie: cookieOf(response) }))).toMatchObject({ role: 'admin' });
    const wrong = await auth.handler(
      post('/sign-in/username', { ...right, password: 'wrong horse battery' }),
    );
    expect(wrong.status).toBe(401);
    expect(await wrong.json()).toMatchObject({ code: 'INVALID_USERNAME_OR_PASSWORD' });
  });

  it('needs the current one once the sign-in is 15 minutes old', async () => {
    await using opened = await openTestAuth();
    const { auth, store } = opened;
    const headers = await signedIn(auth);
    expect(await auth.account(new Headers(headers))).toEqual({ username: 'admin', asksPassword: false });
    expect(await auth.account(new Headers())).toBeNull();
    await auth.handler(post('/credentials', credentials, headers));
    const createdAt = new Date(Date.now() - 15 * MINUTE).toISOString();
    await store.db.updateTable('session').set({ createdAt }).execute();

    expect(await auth.account(new Headers(headers))).toEqual({ username: 'ada', asksPassword: true });
    const change = { newPassword: 'another long password' };
    const without = await auth.handler(post('/credentials', change, headers));
    expect(without.status).toBe(401);
    expect(await without.json()).toMatchObject({ code: 'PASSWORD_WRONG' });
    const currentPassword = credentials.newPassword;
    const response = await auth.handler(post('/credentials', { ...change, currentPassword }, headers));
    expect(response.status).toBe(200);
  });

  it('is refused when too short, with a bad name, and for nobody', async () => {
    await using opened = await openTestAuth();
    const { auth } = opened;
    const headers = await signedIn(auth);
    const short = await auth.handler(post('/credentials', { newPassword: 'too short' }, headers));
    expect(await short.json()).toMatchObject({ code: 'PASSWORD_LENGTH' });
    const named = await auth.handler(post('/credentials', { ...credentials, username: 'a b' }, headers));
    expect(await named.json()).toMatchObject({ code: 'INVALID_USERNAME' });
    expect((await auth.handler(post('/credentials', credentials))).status).toBe(401);
    const signIn = await auth.handler(
      post('/sign-in/username', { username: 'admin', password: credentials.newPassword }),
    );
    expect(signIn.status).toBe(401);
  });
});

describe('what is closed', () => {
  it.each([
    ['/sign-up/email', { email: 'eve@example.org', password: 'correct horse battery', name: 'Eve' }],
    ['/sign-in/email', { email: 'admin@backchain.invalid', password: 'x' }],
    ['/is-username-available', { username: 'admin' }],
    ['/update-user', { name: 'Eve' }],
    ['/admin/create-user', { email: 'eve@example.org', password: 'correct horse battery', name: 'Eve' }],
    ['/admin/set-role', { userId: 'x', role: 'admin' }],
    ['//sign-up/email', {}],
    ['/sign-up%2Femail', {}],
    ['/SIGN-UP/email', {}],
  ])('%s is not there, signed in or not', async (path, body) => {
    await using opened = await openTestAuth();
    const { auth, store } = opened;
    expect((await auth.handler(post(path, body))).status).toBe(404);
    expect((await auth.handler(post(path, body, await signedIn(auth)))).status).toBe(404);
    expect(await store.db.selectFrom('user').select('username').execute()).toEqual([{ username: 'admin' }]);
  });

  it.each([
    ['a stranger', { origin: 'https://evil.example' }],
    ['nobody', { origin: '' }],
    ['a sandbox', { origin: 'null' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:3001' }],
  ])('the sign-in to a page of %s, with a cookie or without', async (_, headers) => {
    await using opened = await openTestAuth();
    const { auth } = opened;
    for (const cookie of ['', 'backchain.session_token=abc.def']) {
      const token = tokenIn(await auth.issueLink());
      const response = await auth.handler(post('/sign-in/link', { token }, { ...headers, cookie }));
      expect(response.status).toBe(403);
    }
  });
});

describe('rate limit', () => {
  const guess = { username: 'admin', password: 'a guess of a password' };

  it('stops guesses from one address, not those from another', async () => {
    await using opened = await openTestAuth();
    const { auth } = opened;
    const statuses: number[] = [];
    for (let i = 0; i < 10; i++) statuses.push((await auth.handler(post('/sign-in/username', guess))).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 401, 401, 401, 429, 429]);
    const other = post('/sign-in/username', guess, { 'x-backchain-client': '192.0.2.2' });
    expect((await auth.handler(other)).status).toBe(401);
  });
});

it('has the tables that better-auth wants', async () => {
  await using opened = await openTestAuth();
  const { toBeCreated, toBeAdded, toBeAddedIndexes } = await getMigrations({
    database: { db: opened.store.db, type: 'sqlite' },
    secret: SECRET,
    plugins: [username(), admin()],
    rateLimit: { storage: 'database' },
  });
  expect({ toBeCreated, toBeAdded, toBeAddedIndexes }).toEqual({
    toBeCreated: [],
    toBeAdded: [],
    toBeAddedIndexes: [],
  });
});
