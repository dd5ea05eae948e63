import { expect, test, vi } from 'vitest';
import { type FileVersion, VersionCache, type VersionedValue } from './version-cache.ts';

const SETTLED: FileVersion = { version: 'one', settled: true };
const UNSETTLED: FileVersion = { version: 'one', settled: false };
const UNKNOWN: FileVersion = { version: null, settled: false };

function cacheOf(after: FileVersion | null = SETTLED) {
  const cache = new VersionCache<string>({ bytesOf: ({ length }) => length, most: 10 });
  const read = vi.fn(async (): Promise<VersionedValue<string>> => ({ value: 'read', after }));
  return { read, get: (found: FileVersion, name = 'file') => cache.get(name, found, read) };
}

test('a settled version is read once, and another version again', async () => {
  const { get, read } = cacheOf();
  expect([await get(SETTLED), await get(SETTLED)]).toEqual(['read', 'read']);
  expect(read).toHaveBeenCalledOnce();
  await get({ version: 'two', settled: true });
  expect(read).toHaveBeenCalledTimes(2);
});

test('a version that the next write may have too is read again, but only once for callers at the same time', async () => {
  const { get, read } = cacheOf();
  await Promise.all([get(UNSETTLED), get(UNSETTLED)]);
  expect(read).toHaveBeenCalledOnce();
  await get(UNSETTLED);
  expect(read).toHaveBeenCalledTimes(2);
});

test('without a version every caller gets a reading of its own', async () => {
  const { get, read } = cacheOf();
  await Promise.all([get(UNKNOWN), get(UNKNOWN)]);
  expect(read).toHaveBeenCalledTimes(2);
});

test.each([null, UNKNOWN, { version: 'two', settled: true }])(
  'a file that is %j after the reading is read again',
  async (after) => {
    const { get, read } = cacheOf(after);
    await get(SETTLED);
    await get(SETTLED);
    expect(read).toHaveBeenCalledTimes(2);
  },
);

test('that a file has no such content is kept too', async () => {
  const { get, read } = cacheOf();
  read.mockResolvedValueOnce({ value: null, after: SETTLED });
  expect([await get(SETTLED), await get(SETTLED)]).toEqual([null, null]);
  expect(read).toHaveBeenCalledOnce();
});

test('a failed reading is not kept', async () => {
  const { get, read } = cacheOf();
  read.mockRejectedValueOnce(new Error('gone'));
  await expect(get(SETTLED)).rejects.toThrow('gone');
  expect(await get(SETTLED)).toBe('read');
});

test('the least recently used goes first', async () => {
  const { get, read } = cacheOf();
  for (const name of ['a', 'b', 'a', 'c']) await get({ ...SETTLED, version: 'one' }, name);
  expect(read).toHaveBeenCalledTimes(3);
  await get(SETTLED, 'a');
  expect(read).toHaveBeenCalledTimes(3);
  await get(SETTLED, 'b');
  expect(read).toHaveBeenCalledTimes(4);
});
