import { APIError, createAuthEndpoint, sessionMiddleware } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import type { BetterAuthPlugin } from 'better-auth/types';
import { z } from 'zod';
import type { SignInLinks } from './sign-in-links.ts';

/** How long after signing in a person may set a password without the old one. */
const FRESH = 15 * 60_000;

export const PASSWORD_LENGTH = { min: 10, max: 128 };

export function isFresh(session: { readonly createdAt: Date }): boolean {
  return Date.now() - session.createdAt.getTime() < FRESH;
}

/** What better-auth lacks: signing in by a link, and setting one's own name and password afterwards. */
export function ownEndpoints(links: SignInLinks) {
  return {
    id: 'backchain',
    endpoints: {
      signInByLink: createAuthEndpoint(
        '/sign-in/link',
        { method: 'POST', body: z.object({ token: z.string().max(200) }) },
        async (ctx) => {
          const use = await links.use(ctx.body.token);
          if (!use.ok) throw refused('UNAUTHORIZED', use.code, TEXTS[use.code]);
          const { internalAdapter } = ctx.context;
          const user = await internalAdapter.findUserById(use.userId);
          if (user === null) throw refused('UNAUTHORIZED', 'LINK_UNKNOWN', TEXTS.LINK_UNKNOWN);
          await setSessionCookie(ctx, { session: await internalAdapter.createSession(user.id), user });
          return ctx.json({ name: user.name });
        },
      ),

      setCredentials: createAuthEndpoint(
        '/credentials',
        {
          method: 'POST',
          use: [sessionMiddleware],
          body: z.strictObject({
            username: z.string().optional(),
            newPassword: z.string(),
            currentPassword: z.string().max(PASSWORD_LENGTH.max).optional(),
          }),
        },
        async (ctx) => {
          const { internalAdapter, password, session } = ctx.context;
          const { username, newPassword, currentPassword } = ctx.body;
          if (newPassword.length < PASSWORD_LENGTH.min || newPassword.length > PASSWORD_LENGTH.max) {
            throw refused('BAD_REQUEST', 'PASSWORD_LENGTH', TEXTS.PASSWORD_LENGTH);
          }
          const account = await internalAdapter.findCredentialAccount(session.user.id);
          if (account?.password && !isFresh(session.session)) {
            const known = await password.verify({ hash: account.password, password: currentPassword ?? '' });
            if (!known) throw refused('UNAUTHORIZED', 'PASSWORD_WRONG', TEXTS.PASSWORD_WRONG);
          }
          // The name comes first: it may be taken, and no other change can be refused.
          if (username !== undefined) await internalAdapter.updateUser(session.user.id, { username });
          const hash = await password.hash(newPassword);
          if (account) await internalAdapter.updateAccount(account.id, { password: hash });
          else {
            const { id } = session.user;
            await internalAdapter.linkAccount({
              userId: id,
              accountId: id,
              providerId: 'credential',
              password: hash,
            });
          }
          await endOtherSessions(internalAdapter, session.user.id, session.session.token);
          return ctx.json({ ok: true });
        },
      ),
    },
  } satisfies BetterAuthPlugin;
}

interface Sessions {
  listSessions(userId: string): Promise<readonly { token: string }[]>;
  deleteSessions(tokens: string[]): Promise<void>;
}

/** A person may change a password because somebody else knows the old one. */
async function endOtherSessions(sessions: Sessions, userId: string, keep: string): Promise<void> {
  const tokens = (await sessions.listSessions(userId)).map(({ token }) => token);
  await sessions.deleteSessions(tokens.filter((token) => token !== keep));
}

const TEXTS = {
  LINK_USED: 'This sign-in link has been used. Run "npm run sign-in-link" on the server for a new one.',
  LINK_EXPIRED: 'This sign-in link has expired. Run "npm run sign-in-link" on the server for a new one.',
  LINK_UNKNOWN: 'This sign-in link is not known. Run "npm run sign-in-link" on the server for a new one.',
  PASSWORD_LENGTH: `A password has ${PASSWORD_LENGTH.min} to ${PASSWORD_LENGTH.max} characters.`,
  PASSWORD_WRONG: 'That is not your current password.',
};

function refused(status: 'UNAUTHORIZED' | 'BAD_REQUEST', code: string, message: string): APIError {
  return new APIError(status, { code, message });
}
