import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SourceChanges } from './source-changes.ts';

let dir = '';

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'source-changes-'));
  await mkdir(join(dir, 'server/api'), { recursive: true });
  await writeFile(join(dir, 'server/api/hosts.ts'), 'before');
});

afterEach(() => rm(dir, { recursive: true }));

const write = (name: string) => writeFile(join(dir, name), 'after');

test('a saved source is reported to all who wait, however its editor saves it', async () => {
  using changes = new SourceChanges([join(dir, 'server')]);
  const [first, second] = [changes.next(), changes.next()];
  await write('server/api/hosts.ts');
  expect(await Promise.all([first, second])).toEqual(Array(2).fill([join(dir, 'server/api/hosts.ts')]));
  const replaced = changes.next();
  await write('hosts.ts~');
  await rename(join(dir, 'hosts.ts~'), join(dir, 'server/api/hosts.ts'));
  expect(await replaced).toEqual([join(dir, 'server/api/hosts.ts')]);
});

test('tests, other files and other folders are ignored', async () => {
  using changes = new SourceChanges([join(dir, 'server')]);
  const next = changes.next();
  for (const name of ['server/api/hosts.test.ts', 'server/notes.md', 'server/.hosts.ts.swp', 'page.tsx'])
    await write(name);
  await write('server/runtime.tsx');
  expect(await next).toEqual([join(dir, 'server/runtime.tsx')]);
});

test('a file in a new folder is reported', async () => {
  using changes = new SourceChanges([join(dir, 'server')]);
  const seen = changes.next();
  await mkdir(join(dir, 'server/services'));
  await write('server/services/fleet.ts');
  expect(await seen).toEqual([join(dir, 'server/services/fleet.ts')]);
});
