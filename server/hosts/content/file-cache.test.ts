import { mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { FileCache, type FileCacheParts } from './file-cache.ts';

/** A clock long after everything that a test writes. */
const LATER = () => Date.now() + 60_000;

async function fileWith(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'backchain-cache-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'file');
  await writeFile(path, text);
  return path;
}

function cacheOf(parts: Partial<FileCacheParts<string>> = {}) {
  const read = vi.fn(parts.read ?? (async (path: string) => path));
  const cache = new FileCache({ bytesOf: () => 1, most: 100, clock: LATER, ...parts, read });
  return { cache, reads: () => read.mock.calls.length };
}

test('a file that nobody writes to is read once', async () => {
  const path = await fileWith('one');
  const { cache, reads } = cacheOf();
  expect(await cache.at(path, 'qcow2')).toBe(path);
  expect(await cache.at(path, 'qcow2')).toBe(path);
  expect(reads()).toBe(1);
  // Another format is another content.
  await cache.at(path, 'raw');
  expect(reads()).toBe(2);
});

test('callers at the same time share one reading', async () => {
  const path = await fileWith('one');
  const { cache, reads } = cacheOf();
  await Promise.all([cache.at(path, 'qcow2'), cache.at(path, 'qcow2')]);
  expect(reads()).toBe(1);
});

test('a write that keeps length and time is noticed', async () => {
  const path = await fileWith('one');
  const { cache, reads } = cacheOf();
  const old = new Date(1e12);
  await utimes(path, old, old);
  await cache.at(path, 'qcow2');
  await writeFile(path, 'two');
  await utimes(path, old, old);
  await cache.at(path, 'qcow2');
  expect(reads()).toBe(2);
});

test('another file at the same path is noticed, with the same length and time', async () => {
  const path = await fileWith('one');
  const { cache, reads } = cacheOf();
  const old = new Date(1e12);
  await writeFile(`${path}.new`, 'two');
  await Promise.all([path, `${path}.new`].map((one) => utimes(one, old, old)));
  await cache.at(path, 'qcow2');
  await rename(`${path}.new`, path);
  await cache.at(path, 'qcow2');
  expect(reads()).toBe(2);
});

test('what was written just now is not kept: the next write may have the same time', async () => {
  const path = await fileWith('one');
  const { cache, reads } = cacheOf({ clock: Date.now });
  await cache.at(path, 'qcow2');
  await cache.at(path, 'qcow2');
  expect(reads()).toBe(2);
});

test('what was written while it was read is not kept', async () => {
  const path = await fileWith('one');
  let text = 'two';
  const { cache, reads } = cacheOf({
    async read() {
      await writeFile(path, text);
      return text;
    },
  });
  expect(await cache.at(path, 'qcow2')).toBe('two');
  text = 'three';
  expect(await cache.at(path, 'qcow2')).toBe('three');
  expect(reads()).toBe(2);
});

test('the least recently used goes when the cache is full; a value larger than the cache is not kept', async () => {
  const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((text) => fileWith(text)));
  if (!a || !b || !c) throw new Error('Three files are expected');
  const { cache, reads } = cacheOf({ bytesOf: (path) => (path === c ? 101 : 40) });
  for (const path of [a, b, a, c]) await cache.at(path, 'qcow2');
  expect(reads()).toBe(3);
  await cache.at(c, 'qcow2');
  expect(reads()).toBe(4);
  const d = await fileWith('d');
  await cache.at(d, 'qcow2');
  await cache.at(a, 'qcow2');
  expect(reads()).toBe(5);
  await cache.at(b, 'qcow2');
  expect(reads()).toBe(6);
});

test('a missing file, and what is no file, are not read; another error is thrown', async () => {
  const path = await fileWith('one');
  const { cache, reads } = cacheOf();
  expect(await cache.at(`${path}.gone`, 'qcow2')).toBeNull();
  expect(await cache.at('/dev/null', 'qcow2')).toBeNull();
  expect(reads()).toBe(0);
  const broken = cacheOf({ read: () => Promise.reject(new TypeError('a defect')) });
  await expect(broken.cache.at(path, 'qcow2')).rejects.toThrow('a defect');
});
