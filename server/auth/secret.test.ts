import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../store/testing.ts';
import { readOrMakeSecret } from './secret.ts';

it('is made once, for its owner alone', async () => {
  using directory = temporaryDirectory();
  const file = `${directory.path}/state/secret`;
  const secrets = await Promise.all(Array.from({ length: 8 }, () => readOrMakeSecret(file)));
  expect(new Set(secrets).size).toBe(1);
  expect(secrets[0]).toMatch(/^[\w-]{43}$/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(`${directory.path}/state`)).toEqual(['secret']);
  expect(await readOrMakeSecret(file)).toBe(secrets[0]);
});

it('is not replaced where the file holds something else', async () => {
  using directory = temporaryDirectory();
  const file = `${directory.path}/secret`;
  writeFileSync(file, '\n');
  await expect(readOrMakeSecret(file)).rejects.toThrow(/holds no secret/);
});
