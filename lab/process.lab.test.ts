import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { processesOf } from './process.ts';

/** A process of a lab in this folder, with `/usr` and no more of this machine's files if it has another root. */
async function started(dir: string, root: string | null): Promise<number> {
  const wait = 'echo ready; read _';
  const elsewhere = `mount --rbind /usr '${root}/usr' && exec chroot '${root}' sh -c '${wait}'`;
  const command =
    root === null
      ? ['sh', '-c', wait]
      : ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', elsewhere];
  const [program = '', ...args] = command;
  const env = { ...process.env, XDG_CACHE_HOME: `${dir}/cache` };
  const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(async () => {
    const ended = once(child, 'close');
    child.stdin.end();
    await ended;
  });
  await once(child.stdout, 'data');
  return child.pid ?? 0;
}

test('regression: a lab took down that of another release with the same path', async () => {
  const root = await mkdtemp(join(tmpdir(), 'backchain-root-'));
  onTestFinished(() => rm(root, { recursive: true }));
  await mkdir(join(root, 'usr'));
  for (const name of ['bin', 'lib', 'lib64']) await symlink(`usr/${name}`, join(root, name));
  const dir = join(root, 'lab');
  const here = await started(dir, null);
  const there = await started(dir, root);
  const found = (await processesOf(dir)).map(({ pid }) => pid);
  expect(found).toContain(here);
  expect(found).not.toContain(there);
});
