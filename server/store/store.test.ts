import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { openStore } from './store.ts';
import { operationCalled, temporaryDirectory } from './testing.ts';

// It starts processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

describe('store', () => {
  it('is readable by its owner alone', async () => {
    using directory = temporaryDirectory();
    const state = `${directory.path}/a/state`;
    const store = await openStore(`${state}/backchain.db`);
    await store.hosts.add({ id: 'a', uri: 'qemu:///system', name: 'a', addedAt: 1 });
    const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
    expect(mode(state)).toBe('700');
    const files = readdirSync(state).map((name) => [name, mode(`${state}/${name}`)]);
    expect(files).toEqual([
      ['backchain.db', '600'],
      ['backchain.db-shm', '600'],
      ['backchain.db-wal', '600'],
    ]);
    await store.close();
  });

  it('migrates an empty file, and leaves a current one as it is', async () => {
    using directory = temporaryDirectory();
    const file = `${directory.path}/backchain.db`;
    const first = await openStore(file);
    const tables = await first.db.introspection.getTables();
    await first.journal.append('a', [{ kind: 'created', operation: operationCalled('a') }], 1);
    await first.close();
    const second = await openStore(file);
    expect(await second.db.introspection.getTables()).toEqual(tables);
    expect(await second.journal.operation('a')).toEqual(operationCalled('a'));
    await second.close();
  });

  it('is migrated once when two processes open it at the same time, and stores the entries of both', async () => {
    using directory = temporaryDirectory();
    const file = `${directory.path}/backchain.db`;
    await Promise.all([appendUntilKilled(file, 20), appendUntilKilled(file, 20)]);
    const store = await openStore(file);
    expect(await store.journal.newest()).toBeGreaterThanOrEqual(40);
    await store.close();
  });

  it('refuses a file that is no database, and does not change it', async () => {
    using directory = temporaryDirectory();
    const file = `${directory.path}/notes.txt`;
    const notes = 'Not a database, but long enough to have a header that says so. '.repeat(20);
    writeFileSync(file, notes);
    await expect(openStore(file)).rejects.toThrow(/not a database/);
    expect(readFileSync(file, 'utf8')).toBe(notes);
    mkdirSync(`${directory.path}/directory`);
    await expect(openStore(`${directory.path}/directory`)).rejects.toMatchObject({ code: 'EISDIR' });
  });

  it('loses no acknowledged entry when its process is killed', async () => {
    using directory = temporaryDirectory();
    const file = `${directory.path}/backchain.db`;
    let acknowledged = 0;
    for (let round = 1; round <= 3; round++) {
      acknowledged = Math.max(acknowledged, await appendUntilKilled(file, 25 * round));
      const store = await openStore(file);
      expect(await store.journal.newest()).toBeGreaterThanOrEqual(acknowledged);
      await store.close();
    }
    expect(acknowledged).toBeGreaterThanOrEqual(75);
  });
});

/** The id of the last entry that the process reported as on disk, after `times` reports. */
async function appendUntilKilled(file: string, times: number): Promise<number> {
  const script = fileURLToPath(new URL('./testing-appender.ts', import.meta.url));
  const child = spawn(process.execPath, [script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let last = 0;
  let heard = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    if (++heard === times) child.kill('SIGKILL');
  }
  expect((await exited)[1]).toBe('SIGKILL');
  return last;
}
