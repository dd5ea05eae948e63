import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { parseUri, type SshTarget } from '../uri.ts';
import { openSsh } from './ssh.ts';

let folder: string;
let target: SshTarget;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ssh-'));
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  const parsed = parseUri('qemu+ssh://node1/system');
  if (parsed.transport !== 'ssh') throw new Error('not ssh');
  target = parsed;
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** A program in the place of ssh. */
async function ssh(script: string): Promise<void> {
  const path = join(folder, 'ssh');
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}

async function all(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

it('carries bytes both ways', async () => {
  await ssh('exec cat');
  const stream = await openSsh(target);
  const text = 'x'.repeat(300_000);
  stream.end(text);
  expect(await all(stream)).toBe(text);
});

it('fails with the text of ssh', async () => {
  await ssh('echo "root@node1: Permission denied (publickey)." >&2; exit 255');
  await expect(all(await openSsh(target))).rejects.toMatchObject({
    code: 'CONNECTION_LOST',
    message: 'ssh: root@node1: Permission denied (publickey).',
  });
});

it('fails with the status where ssh prints nothing', async () => {
  await ssh('exit 7');
  await expect(all(await openSsh(target))).rejects.toMatchObject({ message: 'ssh ended with status 7' });
});

it('says so where there is no ssh', async () => {
  vi.stubEnv('PATH', folder);
  await expect(all(await openSsh(target))).rejects.toMatchObject({
    code: 'CONNECTION_LOST',
    message: expect.stringMatching(/ssh could not be started/),
  });
});

it('ends the process when it is closed', async () => {
  await ssh('echo $$; exec sleep 1000');
  const stream = await openSsh(target);
  const pid = await new Promise<number>((resolve) => stream.once('data', (chunk) => resolve(Number(chunk))));
  stream.destroy();
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow());
});
