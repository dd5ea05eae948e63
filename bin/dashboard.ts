import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { glob, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** The dashboard's production server, run from this folder. */
export interface Dashboard {
  readonly origin: string;
  readonly pid: number;
  /** Resolves with the exit code when the server ended by itself. */
  readonly ended: Promise<number>;
  stop(): Promise<void>;
  /** Ends the server at once, as a crash would. */
  kill(): Promise<void>;
}

const NEXT = 'node_modules/next/dist/bin/next';
const BUILT = '.next/backchain-built';
const SOURCES = '{app,components,messages,model,public,server}/**/*.{ts,tsx,css,json,svg}';
const ROOT_FILES = [
  'next.config.mjs',
  'package-lock.json',
  'proxy.ts',
  'instrumentation.ts',
  'postcss.config.mjs',
];
const READY_MS = 30_000;
const WARM_UP_MS = 3000;
const HOSTS_MS = 1000;
// Memory is the guests'. Pages make much short-lived garbage, of which V8 would let 48 MiB lie.
const V8 = ['--max-semi-space-size=4'];

/** Builds for production, unless the last build is newer than every source. Aborted, it ends the build and rejects. */
export async function build(say: (line: string) => void, signal?: AbortSignal): Promise<void> {
  const built = existsSync(BUILT) ? Number(await readFile(BUILT, 'utf8')) : 0;
  if (built > (await newestSource())) return;
  say('Building for production, about a minute the first time.');
  const began = Date.now();
  const child = spawn(process.execPath, [NEXT, 'build'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: quiet(),
    signal,
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`The build failed:\n${Buffer.concat(output).toString()}`);
  await writeFile(BUILT, String(began));
}

async function newestSource(): Promise<number> {
  const times: number[] = [];
  for await (const file of glob(SOURCES)) times.push((await stat(file)).mtimeMs);
  for (const file of ROOT_FILES) if (existsSync(file)) times.push((await stat(file)).mtimeMs);
  return Math.max(...times);
}

/** Starts the server on 127.0.0.1 and waits until it answers. `env` is added to this process's own. */
export async function serve(options: {
  port: number;
  env: Readonly<Record<string, string>>;
  /** Where its log goes. Next's own greeting is left out. */
  log: 'inherit' | 'ignore' | number;
  /** A program and its arguments that start the server in their stead, such as one that drops rights. */
  through?: readonly string[];
}): Promise<Dashboard> {
  const { port, env, log, through = [] } = options;
  const next = [process.execPath, ...V8, NEXT, 'start', '-H', '127.0.0.1', '-p', String(port)];
  const [program = '', ...args] = [...through, ...next];
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', log],
    env: { ...quiet(), NODE_ENV: 'production', ...env, PORT: String(port), NEXT_MANUAL_SIG_HANDLE: 'true' },
  });
  const origin = `http://127.0.0.1:${port}`;
  const ended = once(child, 'close').then(([code]) => Number(code ?? 1));
  await ready(child, origin);
  try {
    await Promise.all([warmUp(origin), hostsKnown(origin)]);
  } catch {
    // A server that is slow, or gone by now, is found so by whoever asks it for more.
  }
  const { pid } = child;
  if (pid === undefined) throw new Error('The dashboard answers, but has no process');
  return {
    origin,
    pid,
    ended,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function ready(child: ChildProcess, origin: string): Promise<void> {
  const until = Date.now() + READY_MS;
  while (child.exitCode === null) {
    const answered = await fetch(`${origin}/api/health`).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) return;
    if (Date.now() > until) {
      child.kill('SIGKILL');
      throw new Error(`The dashboard did not answer at ${origin} within ${READY_MS / 1000} s`);
    }
    await delay(50);
  }
  throw new Error(`The dashboard ended with code ${child.exitCode} before it answered`);
}

/**
 * Asks for the fleet and for the sign-in, as a stranger with a worthless session: nearly all code of a first page has run
 * then, which takes a quarter of a second, and nobody waits for it. The answers don't matter.
 */
async function warmUp(origin: string): Promise<void> {
  const asked = { redirect: 'manual', headers: { Cookie: 'backchain.session_token=none' } } as const;
  const signal = AbortSignal.timeout(WARM_UP_MS);
  for (const path of ['/', '/sign-in']) await (await fetch(origin + path, { ...asked, signal })).text();
}

/** Hosts that answer at all have shown their guests by then; those that don't keep nobody waiting for long. */
async function hostsKnown(origin: string): Promise<void> {
  const until = Date.now() + HOSTS_MS;
  while (Date.now() < until) {
    const { hosts }: { hosts: { connected: number; known: number } } = await (
      await fetch(`${origin}/api/health`)
    ).json();
    if (hosts.connected === hosts.known) return;
    await delay(50);
  }
}

/** The wanted port, or where that is taken the next free one. */
export async function freePort(wanted: number): Promise<number> {
  for (let port = wanted; port < wanted + 50; port++) if (await isFree(port)) return port;
  throw new Error(
    `None of the ports ${wanted} to ${wanted + 49} is free. Name another: PORT=8080 npm run demo`,
  );
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

function quiet(): NodeJS.ProcessEnv {
  return { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };
}
