import type { KeptImage } from '../../model/fleet/leftover.ts';
import type { Db } from './schema.ts';

/** An image file that somebody keeps on purpose although nothing refers to it. */
export interface StoredKept extends KeptImage {
  readonly hostId: string;
}

export interface KeptImages {
  all(): Promise<readonly StoredKept[]>;
  /** An image that is kept already keeps the name of the first person. */
  keep(image: StoredKept): Promise<void>;
  release(hostId: string, path: string): Promise<void>;
}

export function createKeptImages(db: Db): KeptImages {
  return {
    async all() {
      const rows = await db.selectFrom('kept_image').selectAll().orderBy('path').execute();
      return rows.map(({ host_id, path, actor, at }) => ({ hostId: host_id, path, actor, at }));
    },

    async keep({ hostId, path, actor, at }) {
      await db
        .insertInto('kept_image')
        .values({ host_id: hostId, path, actor, at })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },

    async release(hostId, path) {
      await db.deleteFrom('kept_image').where('host_id', '=', hostId).where('path', '=', path).execute();
    },
  };
}
