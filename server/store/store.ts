import { chmod, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { createStoredHosts, type StoredHosts } from './hosts.ts';
import { createJournal, type StoredJournal } from './journal.ts';
import { createKeptImages, type KeptImages } from './kept-images.ts';
import { migrations } from './migrations.ts';
import type { Db, Schema } from './schema.ts';
import { sqliteDialect } from './sqlite.ts';

/** The database. A write has reached the disk when its promise resolves. */
export interface Store {
  readonly journal: StoredJournal;
  readonly hosts: StoredHosts;
  readonly kept: KeptImages;
  /** For `server/auth`, which stores people and sessions in the same file. */
  readonly db: Db;
  close(): Promise<void>;
}

/**
 * Opens the database file, creating it where there is none, and migrates its tables. Its directory is created for
 * its owner alone. Throws the error of the file system, SQLite or a failed migration; the file is then as it was.
 */
export async function openStore(file: string): Promise<Store> {
  await makePrivate(file);
  const db = new Kysely<Schema>({ dialect: sqliteDialect(file) });
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    journal: createJournal(db),
    hosts: createStoredHosts(db),
    kept: createKeptImages(db),
    db,
    close: () => db.destroy(),
  };
}

/** SQLite gives its `-wal` and `-shm` files the mode of the database. */
async function makePrivate(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await (await open(file, 'a', 0o600)).close();
  await chmod(file, 0o600);
}

async function migrate(db: Db): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
