import { copyFileSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { JournalEntry, Operation } from '../../model/operation/operation.ts';
import { openStore, type Store } from '../../server/store/store.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures');

/** The versions whose databases are kept, see `release-database.ts`. */
export const RELEASES = globSync('*.db', { cwd: FIXTURES }).map((name) => basename(name, '.db'));

/** A copy of a release's database, opened by the present store and so migrated. */
export async function openRelease(version: string): Promise<Store & AsyncDisposable> {
  const folder = mkdtempSync(join(tmpdir(), 'backchain-release-'));
  const file = join(folder, 'backchain.db');
  copyFileSync(join(FIXTURES, `${version}.db`), file);
  const store = await openStore(file);
  return {
    ...store,
    async [Symbol.asyncDispose]() {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Every operation of a release, with its journal. */
export async function operationsOf(
  store: Store,
): Promise<readonly { readonly operation: Operation; readonly entries: readonly JournalEntry[] }[]> {
  const operations = await store.journal.list({ limit: 10_000 });
  return Promise.all(
    operations.map(async (operation) => ({ operation, entries: await store.journal.entries(operation.id) })),
  );
}
