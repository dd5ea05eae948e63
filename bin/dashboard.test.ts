import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../lab/process.ts';
import { serve } from './dashboard.ts';
import { freePort } from './port.ts';

let dir = '';

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dashboard-test-'));
});

afterEach(() => rm(dir, { recursive: true }));

/** Starts a line of shell in place of the server; it writes its process id first. */
async function serveBy(line: string, signal?: AbortSignal): Promise<unknown> {
  const through = ['sh', '-c', `echo $$ > ${dir}/pid-; mv ${dir}/pid- ${dir}/pid; ${line}`];
  const options = { port: await freePort(34_500), env: {}, log: 'ignore', through } as const;
  return serve(signal ? { ...options, signal } : options);
}

async function serverPid(): Promise<number> {
  await until('the process id', async () => existsSync(join(dir, 'pid')));
  return Number(await readFile(join(dir, 'pid'), 'utf8'));
}

const isThere = (pid: number) => existsSync(`/proc/${pid}`);

test('a start that is interrupted leaves no server behind', async () => {
  const interruption = new AbortController();
  const served = serveBy('exec sleep 1000', interruption.signal);
  const server = await serverPid();
  expect(isThere(server)).toBe(true);
  const reason = new Error('interrupted');
  interruption.abort(reason);
  await expect(served).rejects.toBe(reason);
  expect(isThere(server)).toBe(false);
});

test('a start that is interrupted before it begins starts nothing', async () => {
  const reason = new Error('interrupted');
  await expect(serveBy('exec sleep 1000', AbortSignal.abort(reason))).rejects.toBe(reason);
  expect(existsSync(join(dir, 'pid'))).toBe(false);
});

test('a server that ends before it answers is reported with its code or its signal', async () => {
  await expect(serveBy('exit 3')).rejects.toThrow('The dashboard ended with code 3 before it answered');
  await expect(serveBy('kill -KILL $$')).rejects.toThrow(
    'The dashboard ended with SIGKILL before it answered',
  );
});

test('regression: the server of a build kept 24 MB of the compiler in memory', async () => {
  const script = `
    const { default: configOf } = await import('./next.config.mjs');
    const { readFileSync } = await import('node:fs');
    const native = () => readFileSync('/proc/self/maps', 'utf8').split('\\n').filter((line) => line.endsWith('.node')).length;
    const { reactStrictMode } = await configOf('phase-production-server');
    const serving = native();
    await configOf('phase-production-build');
    console.log(JSON.stringify({ reactStrictMode, serving, builds: native() > 0 }));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  expect(JSON.parse(stdout)).toEqual({ reactStrictMode: true, serving: 0, builds: true });
});
