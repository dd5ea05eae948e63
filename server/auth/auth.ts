import { betterAuth } from 'better-auth';
import { admin, username } from 'better-auth/plugins';
import type { Db } from '../store/schema.ts';
import { CLIENT_ADDRESS } from './client-address.ts';
import { isFresh, ownEndpoints, PASSWORD_LENGTH } from './endpoints.ts';
import { refusal, refusalResponse } from './guard.ts';
import type { Origins } from './origins.ts';
import { SessionEnds } from './session-ends.ts';
import { createSignInLinks } from './sign-in-links.ts';

export interface Session {
  readonly userId: string;
  /** What the journal calls the person. */
  readonly name: string;
  readonly role: string;
  /** Aborted when the session ends: by signing out, by a new password elsewhere, or by its time. */
  ended(): AbortSignal;
}

/** What a form needs to know to change a person's name and password. */
export interface Account {
  readonly username: string;
  /** Whether the current password is required; it is not soon after signing in, or where there is none. */
  readonly asksPassword: boolean;
}

/** Who somebody is. Procedures decide by the role what a person may do. */
export interface Auth {
  /** Answers what is under `/api/auth/`. */
  handler(request: Request): Promise<Response>;
  session(headers: Headers): Promise<Session | null>;
  account(headers: Headers): Promise<Account | null>;
  /** A sign-in link for the administrator, who is created on the first start; `null` once anybody has signed in by a link. */
  firstLink(): Promise<string | null>;
  /** A new sign-in link for a person, or for the first administrator. Throws where nobody has that name. */
  issueLink(name?: string): Promise<string>;
}

export interface AuthOptions {
  readonly db: Db;
  readonly origins: Origins;
  /** At least 32 random characters. */
  readonly secret: string;
  /** Addresses or networks (`10.0.0.0/8`) whose X-Forwarded-For is believed. */
  readonly trustedProxies?: readonly string[];
  /** Milliseconds since 1970, for the links. */
  readonly now?: () => number;
}

/** The only open endpoints of better-auth. */
const PATHS = ['/sign-in/username', '/sign-in/link', '/sign-out', '/get-session', '/credentials'];
const BASE_PATH = '/api/auth';
const DAY = 24 * 60 * 60;

export function createAuth({ db, origins, secret, trustedProxies = [], now = Date.now }: AuthOptions): Auth {
  const links = createSignInLinks(db, now);
  const ends = new SessionEnds();
  const inner = betterAuth({
    database: { db, type: 'sqlite', transaction: true },
    baseURL: origins.base,
    basePath: BASE_PATH,
    trustedOrigins: [...origins.all],
    secret,
    telemetry: { enabled: false },
    logger: { level: 'error' },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_LENGTH.min,
      maxPasswordLength: PASSWORD_LENGTH.max,
    },
    plugins: [username(), admin(), ownEndpoints(links)],
    // The cookie can't be renewed from a page or a stream, so a session has a fixed length.
    session: { expiresIn: 30 * DAY, disableSessionRefresh: true },
    databaseHooks: { session: { delete: { after: async ({ id }) => ends.end(id) } } },
    rateLimit: {
      enabled: true,
      storage: 'database',
      customRules: {
        '/sign-in/username': { window: 60, max: 8 },
        '/sign-in/link': { window: 60, max: 60 },
        '/credentials': { window: 60, max: 8 },
        '/get-session': false,
      },
    },
    advanced: {
      cookiePrefix: 'backchain',
      // Without these two better-auth checks less when NODE_ENV is "test".
      disableOriginCheck: false,
      disableCSRFCheck: false,
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS], trustedProxies: [...trustedProxies] },
    },
  });

  async function administrator(): Promise<string> {
    const known = await db
      .selectFrom('user')
      .select('id')
      .where('role', '=', 'admin')
      .orderBy('createdAt')
      .limit(1)
      .executeTakeFirst();
    if (known !== undefined) return known.id;
    const { internalAdapter } = await inner.$context;
    const user = await internalAdapter.createUser(
      { name: 'admin', username: 'admin', email: 'admin@backchain.invalid', role: 'admin' },
      { method: 'admin' },
    );
    return user.id;
  }

  async function linkFor(userId: string): Promise<string> {
    return `${origins.base}/sign-in?token=${await links.issue(userId)}`;
  }

  return {
    async handler(request) {
      const url = new URL(request.url);
      const refused = refusal(
        { method: request.method, path: url.pathname, headers: request.headers },
        origins,
      );
      if (refused !== null) return refusalResponse(refused);
      const open = PATHS.includes(url.pathname.slice(BASE_PATH.length));
      const response = open ? await inner.handler(request) : new Response('Not found', { status: 404 });
      response.headers.set('Cache-Control', 'no-store');
      return response;
    },

    async session(headers) {
      const found = await inner.api.getSession({ headers });
      if (found === null) return null;
      const { user, session } = found;
      return {
        userId: user.id,
        name: user.username ?? user.name,
        role: user.role ?? 'user',
        ended: () => ends.of(session.id, session.expiresAt.getTime()),
      };
    },

    async account(headers) {
      const found = await inner.api.getSession({ headers });
      if (found === null) return null;
      const { user, session } = found;
      const { internalAdapter } = await inner.$context;
      const known = await internalAdapter.findCredentialAccount(user.id);
      return {
        username: user.username ?? user.name,
        asksPassword: Boolean(known?.password) && !isFresh(session),
      };
    },

    async firstLink() {
      const userId = await administrator();
      return (await links.anyUsed()) ? null : linkFor(userId);
    },

    async issueLink(name) {
      if (name === undefined) return linkFor(await administrator());
      const user = await db
        .selectFrom('user')
        .select('id')
        .where('username', '=', name.toLowerCase())
        .executeTakeFirst();
      if (user === undefined) throw new Error(`Nobody is called "${name}" here`);
      return linkFor(user.id);
    },
  };
}
