import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { stateDirectory } from '../store/state-directory.ts';
import { openStore } from '../store/store.ts';
import { temporaryDirectory } from '../store/testing.ts';
import { openAuth } from './open-auth.ts';
import { post, tokenIn } from './testing.ts';

// It starts processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

const script = fileURLToPath(new URL('./sign-in-link.ts', import.meta.url));

function run(state: string, ...names: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, BACKCHAIN_STATE: state };
    execFile(process.execPath, [script, ...names], { env }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

it('prints a link to the running dashboard, which signs in once', async () => {
  using directory = temporaryDirectory();
  const env: NodeJS.ProcessEnv = {
    NODE_ENV: 'test',
    BACKCHAIN_STATE: `${directory.path}/state`,
    PORT: '3000',
  };
  const state = stateDirectory(env);
  const store = await openStore(state.database);
  const auth = await openAuth(store, state, env);

  const { code, stdout } = await run(state.path);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:3000\/sign-in\?token=[\w-]{43}\n$/);
  const token = tokenIn(stdout.trim());
  const statuses: number[] = [];
  for (let i = 0; i < 2; i++) statuses.push((await auth.handler(post('/sign-in/link', { token }))).status);
  expect(statuses).toEqual([200, 401]);

  expect(await run(state.path, 'nobody')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: 'Nobody is called "nobody" here\n',
  });
  auth.close();
  await store.close();
});

it('says what is missing where no dashboard was started', async () => {
  using directory = temporaryDirectory();
  const { code, stderr } = await run(`${directory.path}/nothing`);
  expect(code).toBe(1);
  expect(stderr).toContain('BACKCHAIN_STATE');
});
