import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import {
  CompiledQuery,
  type DatabaseConnection,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
  type SqliteStatement,
} from 'kysely';

/** How long a lock is waited for, milliseconds. */
const TIMEOUT = 5000;

/** Kysely's dialect for Node's own SQLite. The file is opened at once, and closed by `Kysely.destroy` after a first query. */
export function sqliteDialect(file: string): SqliteDialect {
  const database = new DatabaseSync(file, { timeout: TIMEOUT, readBigInts: true });
  try {
    writeAhead(database);
    database.exec('pragma synchronous = full');
  } catch (error) {
    database.close();
    throw error;
  }
  return new Dialect({ database: adapted(database) });
}

/**
 * When two processes switch a new file to WAL at once, SQLite lets neither wait, since they might wait for each other: one of
 * them fails at once because the file is locked. It waits here, as long as it would for any other lock.
 */
function writeAhead(database: DatabaseSync): void {
  const end = performance.now() + TIMEOUT;
  for (;;) {
    try {
      database.exec('pragma journal_mode = wal');
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > end) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

/** `SQLITE_BUSY`. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5;
}

class Dialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig;

  constructor(config: SqliteDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createAdapter(): SqliteAdapter {
    return new Adapter();
  }

  override createDriver(): SqliteDriver {
    return new Driver(this.#config);
  }
}

class Adapter extends SqliteAdapter {
  /** SQLite rolls schema changes back. Kysely assumes that it does not, and would leave half a migration behind. */
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class Driver extends SqliteDriver {
  /**
   * Takes the write lock at once. A transaction that reads first and then finds that another process has written
   * fails with SQLITE_BUSY without waiting for the busy timeout.
   */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
}

function adapted(database: DatabaseSync): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare: (sql) => adaptedStatement(database.prepare(sql)),
  };
}

function adaptedStatement(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...parameters.map(bindable)).map(plain),
    run: (parameters) => statement.run(...parameters.map(bindable)),
    *iterate(parameters) {
      for (const row of statement.iterate(...parameters.map(bindable))) yield plain(row);
    },
  };
}

/** Node treats any object as the first parameter as named parameters and then binds NULL: a Date would be lost silently. */
function bindable(value: unknown): SQLInputValue {
  if (value === null || value instanceof Uint8Array) return value;
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'bigint':
      return value;
    default: {
      const kind = value instanceof Date ? 'a Date' : `a value of type ${typeof value}`;
      throw new TypeError(`SQLite can't store ${kind}; pass a string or a number`);
    }
  }
}

/** Rows have no prototype, and integers are bigint, since Node refuses large ones otherwise. Safe integers become numbers. */
function plain(row: Record<string, SQLOutputValue>): Record<string, SQLOutputValue> {
  const copy: Record<string, SQLOutputValue> = {};
  for (const [column, value] of Object.entries(row)) copy[column] = narrowed(value);
  return copy;
}

function narrowed(value: SQLOutputValue): SQLOutputValue {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
