import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { watchGuestFiles } from './guest-files.ts';

async function watched() {
  const root = await mkdtemp(join(tmpdir(), 'backchain-files-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const folders = {
    status: join(root, 'run'),
    definitions: join(root, 'etc'),
    records: join(root, 'snapshot'),
  };
  await Promise.all(Object.values(folders).map((folder) => mkdir(folder)));
  const ended = new AbortController();
  onTestFinished(() => ended.abort());
  const changed = vi.fn<(name: string) => void>();
  const unwatchable = vi.fn<(folder: string, error: unknown) => void>();
  const start = () => watchGuestFiles(folders, { signal: ended.signal, changed, unwatchable });
  /** Resolves when this guest was reported, and forgets all reports. */
  const reports = async (name: string) => {
    await vi.waitFor(() => expect(changed.mock.calls.flat()).toContain(name));
    expect(new Set(changed.mock.calls.flat())).toEqual(new Set([name]));
    changed.mockClear();
  };
  return { folders, start, reports, unwatchable, ended };
}

test('a file that is renamed into its place is a change of the guest of its name', async () => {
  const { folders, start, reports, unwatchable, ended } = await watched();
  start();
  for (const folder of [folders.status, folders.definitions]) {
    await writeFile(join(folder, 'a guest.xml.new'), '');
    await rename(join(folder, 'a guest.xml.new'), join(folder, 'a guest.xml'));
    await reports('a guest');
  }
  ended.abort();
  expect(unwatchable).not.toHaveBeenCalled();
});

test('records are seen to come and go, in folders that come and go too', async () => {
  const { folders, start, reports } = await watched();
  const [old, young] = [join(folders.records, 'old'), join(folders.records, 'young')];
  await mkdir(old);
  start();
  await writeFile(join(old, 'one.xml'), '');
  await reports('old');
  for (const _again of [1, 2]) {
    await mkdir(young);
    await reports('young');
    await writeFile(join(young, 'one.xml'), '');
    await reports('young');
    await rm(young, { recursive: true });
    await reports('young');
  }
});

test('a missing folder is reported, and the others are watched', async () => {
  const { folders, start, reports, unwatchable } = await watched();
  await rm(folders.definitions, { recursive: true });
  start();
  expect(unwatchable.mock.calls.map(([folder]) => folder)).toEqual([folders.definitions]);
  await mkdir(join(folders.records, 'young'));
  await reports('young');
});
