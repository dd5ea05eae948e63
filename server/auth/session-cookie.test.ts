import { expect, it } from 'vitest';
import { hasSessionCookie } from './session-cookie.ts';
import { openTestAuth, signedIn } from './testing.ts';

it('finds the cookie that a sign-in sets', async () => {
  await using opened = await openTestAuth();
  const { cookie } = await signedIn(opened.auth);
  expect(hasSessionCookie(new Headers({ cookie }))).toBe(true);
  expect(hasSessionCookie(new Headers({ cookie: `theme=dark; __Secure-${cookie}` }))).toBe(true);
});

it.each(['', 'theme=dark', 'backchain.session_token=', 'x-backchain.session_token=abc'])(
  'finds none in "%s"',
  (cookie) => {
    expect(hasSessionCookie(new Headers({ cookie }))).toBe(false);
  },
);
