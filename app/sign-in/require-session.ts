import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import type { Session } from '../../server/auth/auth.ts';
import { localPath } from '../../server/auth/local-path.ts';
import { REQUEST_PATH } from '../../server/auth/session-cookie.ts';
import { runtime } from '../../server/runtime.ts';

/** Who asks for this page. Whoever is not signed in is sent to the sign-in, and comes back from there. */
export async function requireSession(): Promise<Session> {
  const asked = await headers();
  const session = await (await runtime()).auth.session(asked);
  if (session !== null) return session;
  const next = localPath(asked.get(REQUEST_PATH));
  redirect(next === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`);
}
