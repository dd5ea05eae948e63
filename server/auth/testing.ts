import { openStore } from '../store/store.ts';
import { temporaryDirectory } from '../store/testing.ts';
import { type Auth, type AuthOptions, createAuth } from './auth.ts';
import { CLIENT_ADDRESS } from './client-address.ts';
import { originsOf } from './origins.ts';

export const SECRET = 'Zx3fJ0qk9VtR7mBw2LsY5uHc8PdGaN1e';
export const ORIGIN = 'http://127.0.0.1:3000';

/** Auth on a real database file of its own, which `await using` closes and removes. */
export async function openTestAuth(options: Partial<AuthOptions> = {}) {
  const directory = temporaryDirectory();
  const store = await openStore(`${directory.path}/backchain.db`);
  const auth = createAuth({
    db: store.db,
    origins: originsOf({ NODE_ENV: 'test' }),
    secret: SECRET,
    ...options,
  });
  return {
    auth,
    store,
    async [Symbol.asyncDispose]() {
      await store.close();
      directory[Symbol.dispose]();
    },
  };
}

/** A POST like that of the dashboard's own page. */
export function post(path: string, body: unknown, headers: Record<string, string> = {}): Request {
  return new Request(`${ORIGIN}/api/auth${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      host: '127.0.0.1:3000',
      origin: ORIGIN,
      'content-type': 'application/json',
      [CLIENT_ADDRESS]: '192.0.2.1',
      ...headers,
    },
  });
}

export function tokenIn(link: string | null): string {
  return new URL(link ?? '').searchParams.get('token') ?? '';
}

/** The cookies that a browser sends back. */
export function cookieOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

/** Signs in with a new link; returns the headers of a signed-in request. */
export async function signedIn(auth: Auth): Promise<{ cookie: string }> {
  const response = await auth.handler(post('/sign-in/link', { token: tokenIn(await auth.issueLink()) }));
  return { cookie: cookieOf(response) };
}
