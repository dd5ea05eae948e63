import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import type { Session } from '../../server/auth/auth.ts';
import { localPath } from '../../server/auth/local-path.ts';
import { REQUEST_PATH } from '../../server/auth/session-cookie.ts';
import { viewer } from '../viewer.ts';

/** Who asks for this page. People who are not signed in are sent to the sign-in, and come back from there. */
export async function requireSession(): Promise<Session> {
  const { session } = await viewer();
  if (session !== null) return session;
  const next = localPath((await headers()).get(REQUEST_PATH));
  redirect(next === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`);
}
