import { createHash, randomBytes } from 'node:crypto';
import type { Db } from '../store/schema.ts';

const LIFETIME = 15 * 60_000;
/** How long a link is stored, to distinguish a used link from a wrong one. */
const MEMORY = 30 * 24 * 60 * 60_000;

/** Tokens that sign one person in once, within 15 minutes. */
export interface SignInLinks {
  /** Returns the token; only its hash is stored. */
  issue(userId: string): Promise<string>;
  /** Uses the token up. Of two requests at once, one gets the user. */
  use(token: string): Promise<LinkUse>;
  /** Whether anybody has ever signed in by a link. */
  anyUsed(): Promise<boolean>;
}

export type LinkUse =
  | { readonly ok: true; readonly userId: string }
  | { readonly ok: false; readonly code: 'LINK_USED' | 'LINK_EXPIRED' | 'LINK_UNKNOWN' };

/** @param now milliseconds since 1970 */
export function createSignInLinks(db: Db, now: () => number = Date.now): SignInLinks {
  return {
    async issue(userId) {
      const token = randomBytes(32).toString('base64url');
      await db
        .deleteFrom('sign_in_link')
        .where('expires_at', '<', now() - MEMORY)
        .where('used_at', 'is', null)
        .execute();
      await db
        .insertInto('sign_in_link')
        .values({ token_hash: hashed(token), user_id: userId, expires_at: now() + LIFETIME, used_at: null })
        .execute();
      return token;
    },

    async use(token) {
      const token_hash = hashed(token);
      const taken = await db
        .updateTable('sign_in_link')
        .set({ used_at: now() })
        .where('token_hash', '=', token_hash)
        .where('used_at', 'is', null)
        .where('expires_at', '>', now())
        .returning('user_id')
        .executeTakeFirst();
      if (taken !== undefined) return { ok: true, userId: taken.user_id };
      const known = await db
        .selectFrom('sign_in_link')
        .select('used_at')
        .where('token_hash', '=', token_hash)
        .executeTakeFirst();
      if (known === undefined) return { ok: false, code: 'LINK_UNKNOWN' };
      return { ok: false, code: known.used_at === null ? 'LINK_EXPIRED' : 'LINK_USED' };
    },

    async anyUsed() {
      const row = await db
        .selectFrom('sign_in_link')
        .select('token_hash')
        .where('used_at', 'is not', null)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

function hashed(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
