import { ProblemError, problem } from '../../model/problem.ts';
import type { Db } from './schema.ts';

/** A host that somebody added in the browser. Hosts of the configuration are not stored. */
export interface StoredHost {
  readonly id: string;
  readonly uri: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly addedAt: number;
}

export interface StoredHosts {
  /** Oldest first. */
  all(): Promise<readonly StoredHost[]>;
  /** Throws a `ProblemError` where the id or the URI is already there. */
  add(host: StoredHost): Promise<void>;
  /** False where there was no such host. */
  remove(id: string): Promise<boolean>;
}

export function createStoredHosts(db: Db): StoredHosts {
  return {
    async all() {
      const rows = await db.selectFrom('host').selectAll().orderBy('added_at').orderBy('id').execute();
      return rows.map(({ id, uri, name, added_at }) => ({ id, uri, name, addedAt: added_at }));
    },

    async add({ id, uri, name, addedAt }) {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('host')
        .values({ id, uri, name, added_at: addedAt })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow();
      if (numInsertedOrUpdatedRows === 0n) throw new ProblemError('conflict', problem('HOST_KNOWN', { uri }));
    },

    async remove(id) {
      const { numDeletedRows } = await db.deleteFrom('host').where('id', '=', id).executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },
  };
}
