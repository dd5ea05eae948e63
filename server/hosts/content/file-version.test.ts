import { stat } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { versionOf } from './file-version.ts';

const found = await stat(import.meta.filename, { bigint: true });
const written = Number(found.ctimeNs / 1_000_000n);

test('a file has a version once the clock has moved on', () => {
  expect(versionOf(found, written + 10_000)).toContain(String(found.ino));
  expect(versionOf(found, written + 1000)).toBeNull();
  // By the clock of another machine it may have been written in the future.
  expect(versionOf(found, written - 10_000)).toBeNull();
});

test('a device has none, since its last write has no time', () => {
  vi.spyOn(found, 'isFile').mockReturnValue(false);
  expect(versionOf(found, written + 10_000)).toBeNull();
});
