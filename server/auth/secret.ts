import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * The secret that signs session cookies, created where there is none. Only its owner can read the file.
 * Without it everybody is signed out, and nothing else is lost.
 */
export async function readOrMakeSecret(file: string): Promise<string> {
  return (await read(file)) ?? (await make(file));
}

async function read(file: string): Promise<string | null> {
  try {
    const secret = (await readFile(file, 'utf8')).trim();
    if (secret.length < 32) throw new Error(`${file} holds no secret. Remove it, and a new one is made.`);
    return secret;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** Links the complete file into place, so that two processes that start together both use the first secret. */
async function make(file: string): Promise<string> {
  const secret = randomBytes(32).toString('base64url');
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(draft, `${secret}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    await link(draft, file);
    return secret;
  } catch (error) {
    const other = hasCode(error, 'EEXIST') ? await read(file) : null;
    if (other === null) throw error;
    return other;
  } finally {
    await rm(draft);
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
