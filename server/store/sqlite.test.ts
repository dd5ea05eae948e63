import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sqliteDialect } from './sqlite.ts';
import { temporaryDirectory } from './testing.ts';

const run = promisify(execFile);

interface Tables {
  thing: { a: unknown; b: unknown };
}

describe('SQLite under Kysely', () => {
  let directory: ReturnType<typeof temporaryDirectory>;
  let db: Kysely<Tables>;

  beforeEach(async () => {
    directory = temporaryDirectory();
    db = new Kysely<Tables>({ dialect: sqliteDialect(`${directory.path}/things.db`) });
    await db.schema.createTable('thing').addColumn('a', 'text').addColumn('b', 'integer').execute();
  });

  afterEach(async () => {
    await db.destroy();
    directory[Symbol.dispose]();
  });

  it('writes ahead to a log, and waits for the disk', async () => {
    const pragma = async (name: string) =>
      (await sql<Record<string, unknown>>`${sql.raw(`pragma ${name}`)}`.execute(db)).rows[0];
    expect(await pragma('journal_mode')).toEqual({ journal_mode: 'wal' });
    expect(await pragma('synchronous')).toEqual({ synchronous: 2 });
    expect(await pragma('busy_timeout')).toEqual({ timeout: 5000 });
    expect(await pragma('foreign_keys')).toEqual({ foreign_keys: 1 });
  });

  it('regression: of two processes that opened a new file at once, one failed because it was locked', async () => {
    const file = `${directory.path}/new.db`;
    const module = new URL('./sqlite.ts', import.meta.url).href;
    // Each waits for the other before it opens the database: a file with its name shows that it runs.
    const script = `import { existsSync, writeFileSync } from 'node:fs';
      const { sqliteDialect } = await import('${module}');
      const [mine, other, file] = process.argv.slice(1);
      writeFileSync(mine, '');
      while (!existsSync(other));
      sqliteDialect(file);`;
    for (let round = 0; round < 5; round++) {
      const names = ['one', 'two'].map((name) => `${directory.path}/${name}-${round}`);
      const opened = [names, names.toReversed()].map((pair) =>
        run(process.execPath, ['--input-type=module', '--eval', script, ...pair, `${file}-${round}`]),
      );
      for (const end of await Promise.all(opened)) expect(end.stderr).toBe('');
    }
  });

  it.each([
    ['a Date in the first place', { a: new Date(0), b: 1 }, /can't store a Date/],
    ['a Date in another place', { a: 'x', b: new Date(0) }, /can't store a Date/],
    ['an object', { a: { a: 1 }, b: 1 }, /can't store a value of type object/],
    ['a boolean', { a: 'x', b: true }, /can't store a value of type boolean/],
  ])('refuses %s, which would be stored as NULL or not at all', async (_, row, message) => {
    await expect(db.insertInto('thing').values(row).execute()).rejects.toThrow(message);
    expect(await db.selectFrom('thing').selectAll().execute()).toEqual([]);
  });

  it('reads safe integers as numbers and larger ones as bigint', async () => {
    const values = [0, -1, Number.MAX_SAFE_INTEGER, 2n ** 53n, 2n ** 63n - 1n, 1.5, null];
    for (const b of values) await db.insertInto('thing').values({ a: 'x', b }).execute();
    const rows = await db.selectFrom('thing').select('b').execute();
    expect(rows.map(({ b }) => b)).toEqual(values);
  });

  it('gives rows that are plain objects, streamed ones too', async () => {
    await db.insertInto('thing').values({ a: 'x', b: 1 }).execute();
    const rows = await db.selectFrom('thing').selectAll().execute();
    for await (const row of db.selectFrom('thing').selectAll().stream()) rows.push(row);
    expect(rows.map((row) => Object.getPrototypeOf(row))).toEqual([Object.prototype, Object.prototype]);
  });

  it('rolls a schema change back with its transaction', async () => {
    const failing = db.transaction().execute(async (transaction) => {
      await transaction.schema.createTable('half').addColumn('a', 'text').execute();
      throw new Error('stop');
    });
    await expect(failing).rejects.toThrow('stop');
    expect((await db.introspection.getTables()).map(({ name }) => name)).toEqual(['thing']);
  });

  it('lets a second connection wait for a transaction that reads before it writes', async () => {
    const other = new Kysely<Tables>({ dialect: sqliteDialect(`${directory.path}/things.db`) });
    await db.transaction().execute(async (transaction) => {
      await transaction.selectFrom('thing').selectAll().execute();
      // If the lock were taken at the first write only, this transaction would come in between and break the next.
      await sql`pragma busy_timeout = 1`.execute(other);
      await expect(other.insertInto('thing').values({ a: 'other', b: 1 }).execute()).rejects.toThrow(
        /locked/,
      );
      await transaction.insertInto('thing').values({ a: 'first', b: 1 }).execute();
    });
    await other.insertInto('thing').values({ a: 'other', b: 2 }).execute();
    await other.destroy();
    expect(await db.selectFrom('thing').select('a').execute()).toEqual([{ a: 'first' }, { a: 'other' }]);
  });
});
