import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** In the order of their names. A released migration is never edited: a change is a new migration. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-operations': { up: operations },
  '0002-people': { up: people },
  '0003-kept-images': { up: keptImages },
};

async function operations(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('operation')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('host_id', 'text', (column) => column.notNull())
    .addColumn('guest_uuid', 'text', (column) => column.notNull())
    .addColumn('target', 'text', (column) => column.notNull())
    .addColumn('guest_name', 'text', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('ended_at', 'bigint')
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await index(db, 'operation', ['created_at', 'id']);
  await index(db, 'operation', ['host_id', 'guest_uuid', 'created_at']);
  await index(db, 'operation', ['ended_at']);

  await db.schema
    .createTable('journal')
    // With "autoincrement" no id is used twice, even after the newest rows are gone.
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('operation_id', 'text', (column) => column.notNull().references('operation.id'))
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('event', 'text', (column) => column.notNull())
    .execute();
  await index(db, 'journal', ['operation_id']);
  for (const change of ['update', 'delete']) {
    await sql`create trigger ${sql.ref(`journal_no_${change}`)} before ${sql.raw(change)} on journal
      begin select raise(abort, 'the journal is append-only'); end`.execute(db);
  }

  await db.schema
    .createTable('host')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('uri', 'text', (column) => column.notNull().unique())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('added_at', 'bigint', (column) => column.notNull())
    .execute();
}

/** better-auth's tables with its username and admin plugins, in its own spelling, and our sign-in links. */
async function people(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('user')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('email', 'text', (column) => column.notNull().unique())
    .addColumn('emailVerified', 'integer', (column) => column.notNull())
    .addColumn('image', 'text')
    .addColumn('createdAt', 'date', (column) => column.notNull())
    .addColumn('updatedAt', 'date', (column) => column.notNull())
    .addColumn('role', 'text')
    .addColumn('banned', 'integer')
    .addColumn('banReason', 'text')
    .addColumn('banExpires', 'date')
    .addColumn('username', 'text', (column) => column.unique())
    .addColumn('displayUsername', 'text')
    .execute();

  await db.schema
    .createTable('session')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('expiresAt', 'date', (column) => column.notNull())
    .addColumn('token', 'text', (column) => column.notNull().unique())
    .addColumn('createdAt', 'date', (column) => column.notNull())
    .addColumn('updatedAt', 'date', (column) => column.notNull())
    .addColumn('ipAddress', 'text')
    .addColumn('userAgent', 'text')
    .addColumn('userId', 'text', (column) => column.notNull().references('user.id').onDelete('cascade'))
    .addColumn('impersonatedBy', 'text')
    .execute();
  await index(db, 'session', ['userId']);

  await db.schema
    .createTable('account')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('accountId', 'text', (column) => column.notNull())
    .addColumn('providerId', 'text', (column) => column.notNull())
    .addColumn('userId', 'text', (column) => column.notNull().references('user.id').onDelete('cascade'))
    .addColumn('accessToken', 'text')
    .addColumn('refreshToken', 'text')
    .addColumn('idToken', 'text')
    .addColumn('accessTokenExpiresAt', 'date')
    .addColumn('refreshTokenExpiresAt', 'date')
    .addColumn('scope', 'text')
    .addColumn('password', 'text')
    .addColumn('createdAt', 'date', (column) => column.notNull())
    .addColumn('updatedAt', 'date', (column) => column.notNull())
    .execute();
  await index(db, 'account', ['userId']);

  await db.schema
    .createTable('verification')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('identifier', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('expiresAt', 'date', (column) => column.notNull())
    .addColumn('createdAt', 'date', (column) => column.notNull())
    .addColumn('updatedAt', 'date', (column) => column.notNull())
    .execute();
  await index(db, 'verification', ['identifier']);

  await db.schema
    .createTable('rateLimit')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('key', 'text', (column) => column.notNull().unique())
    .addColumn('count', 'integer', (column) => column.notNull())
    .addColumn('lastRequest', 'bigint', (column) => column.notNull())
    .execute();

  await db.schema
    .createTable('sign_in_link')
    .addColumn('token_hash', 'text', (column) => column.primaryKey())
    .addColumn('user_id', 'text', (column) => column.notNull().references('user.id').onDelete('cascade'))
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('used_at', 'bigint')
    .execute();
}

async function keptImages(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('kept_image')
    .addColumn('host_id', 'text', (column) => column.notNull())
    .addColumn('path', 'text', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('kept_image_pk', ['host_id', 'path'])
    .execute();
}

async function index(db: Kysely<unknown>, table: string, columns: readonly string[]): Promise<void> {
  const name = [table, ...columns, 'idx'].join('_');
  await db.schema
    .createIndex(name)
    .on(table)
    .columns([...columns])
    .execute();
}
