import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { glob, readFile, stat, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** The dashboard's server, run from this folder. */
export interface Dashboard {
  readonly origin: string;
  readonly pid: number;
  /** Resolves when the server is gone, whoever ended it. */
  readonly ended: Promise<Ended>;
  stop(): Promise<void>;
  /** Ends the server at once, as a crash would. */
  kill(): Promise<void>;
}

/** How a process ended: by itself with a code, or killed by a signal. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** How the dashboard ended, as the end of a sentence. */
export function endText({ code, signal }: Ended): string {
  return signal === null ? `ended by itself, with code ${code}` : `was killed (${signal})`;
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
/** A development server compiles a page on its first request, which takes long on a busy machine. */
const COMPILED_MS = 300_000;
const WARM_UP_MS = 3000;
const HOSTS_MS = 1000;
/** How long a server may take to end after SIGTERM. */
const END_MS = 15_000;
/** Prefix of a command: it gets SIGTERM when this process is gone, even if this process was killed. */
const WITH_US = ['setpriv', '--pdeathsig', 'TERM', '--'];
// Memory belongs to the guests. Pages make much short-lived garbage, and V8 would keep 48 MiB of it.
const V8 = ['--max-semi-space-size=4'];

/** Builds for production, unless the last build is newer than every source. An abort ends the build, and it rejects. */
export async function build(say: (line: string) => void, signal?: AbortSignal): Promise<void> {
  const built = existsSync(BUILT) ? Number(await readFile(BUILT, 'utf8')) : 0;
  if (built > (await newestSource())) return;
  say('Building for production, about a minute the first time.');
  const began = Date.now();
  const child = start([...WITH_US, process.execPath, NEXT, 'build'], ['ignore', 'pipe', 'pipe'], quiet());
  const output: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => output.push(chunk));
  const stop = () => child.kill('SIGTERM');
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  const [code] = await once(child, 'close');
  signal?.throwIfAborted();
  if (code !== 0) throw new Error(`The build failed:\n${Buffer.concat(output).toString()}`);
  await writeFile(BUILT, String(began));
}

async function newestSource(): Promise<number> {
  const times: number[] = [];
  for await (const file of glob(SOURCES)) times.push((await stat(file)).mtimeMs);
  for (const file of ROOT_FILES) if (existsSync(file)) times.push((await stat(file)).mtimeMs);
  return Math.max(...times);
}

interface ServeOptions {
  port: number;
  env: Readonly<Record<string, string>>;
  /** Where its log goes. */
  log: 'inherit' | 'ignore' | number;
  /** A program with arguments that starts the server, such as one that drops privileges. */
  through?: readonly string[];
  signal?: AbortSignal;
}

/**
 * Starts the server on 127.0.0.1 and waits until it answers. `env` is added to this process's own. An abort before that
 * ends the server, and it rejects with the signal's reason. Once the server answers, the caller stops it.
 */
export async function serve(options: ServeOptions): Promise<Dashboard> {
  const dashboard = await run(options, {
    next: [...V8, NEXT, 'start'],
    output: 'ignore',
    env: { NODE_ENV: 'production' },
    ready: { path: '/api/health', withinMs: READY_MS },
  });
  try {
    await settled(dashboard.origin, options.signal);
    return dashboard;
  } catch (error) {
    await dashboard.stop();
    throw error;
  }
}

/**
 * Starts the development server, which compiles sources on request and refreshes open pages. It is ready when the sign-in
 * page is compiled; the fleet's page compiles while you sign in.
 */
export async function serveSources(options: ServeOptions): Promise<Dashboard> {
  const dashboard = await run(options, {
    next: [NEXT, 'dev'],
    output: 'inherit',
    // Next kills a server that has not ended after a tenth of a second, too soon to close its connections.
    env: { NODE_ENV: 'development', NEXT_EXIT_TIMEOUT_MS: String(END_MS) },
    ready: { path: '/sign-in', withinMs: COMPILED_MS },
  });
  // The page that failed here shows the reason to whoever opens it.
  void warmUp(dashboard.origin, options.signal).catch(() => {});
  return dashboard;
}

/** How the two servers differ. */
interface Kind {
  readonly next: readonly string[];
  readonly output: 'inherit' | 'ignore';
  readonly env: Readonly<Record<string, string>>;
  readonly ready: { readonly path: string; readonly withinMs: number };
}

async function run({ port, env, log, through = [], signal }: ServeOptions, kind: Kind): Promise<Dashboard> {
  signal?.throwIfAborted();
  const next = [process.execPath, ...kind.next, '-H', '127.0.0.1', '-p', String(port)];
  const child = start([...through, ...WITH_US, ...next], ['ignore', kind.output, log], {
    ...quiet(),
    ...kind.env,
    ...env,
    PORT: String(port),
    NEXT_MANUAL_SIG_HANDLE: 'true',
  });
  const origin = `http://127.0.0.1:${port}`;
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, signal: child.signalCode }));
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  const stop = async () => {
    child.kill('SIGTERM');
    const patience = setTimeout(() => child.kill('SIGKILL'), END_MS);
    await ended;
    clearTimeout(patience);
  };
  try {
    await ready(child, origin, kind.ready, signal);
  } catch (error) {
    await stop();
    throw error;
  }
  const { pid } = child;
  if (pid === undefined) throw new Error('The dashboard answers, but has no process');
  return { origin, pid, ended, stop, kill };
}

function start(command: readonly string[], stdio: StdioOptions, env: NodeJS.ProcessEnv): ChildProcess {
  const [program = '', ...args] = command;
  return spawn(program, args, { stdio, env });
}

async function ready(
  child: ChildProcess,
  origin: string,
  { path, withinMs }: Kind['ready'],
  signal: AbortSignal | undefined,
): Promise<void> {
  const until = Date.now() + withinMs;
  while (child.exitCode === null && child.signalCode === null) {
    signal?.throwIfAborted();
    const answered = await fetch(origin + path, { signal: signal ?? null }).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) return;
    if (Date.now() > until)
      throw new Error(`The dashboard did not answer at ${origin} within ${withinMs / 1000} s`);
    await delay(50);
  }
  throw new Error(
    `The dashboard ended with ${child.signalCode ?? `code ${child.exitCode}`} before it answered`,
  );
}

/** Waits until a first page is fast. If the server is slow, or gone by now, the next request shows it. */
async function settled(origin: string, signal: AbortSignal | undefined): Promise<void> {
  const limits = [AbortSignal.timeout(WARM_UP_MS), ...(signal ? [signal] : [])];
  const given = AbortSignal.any(limits);
  await Promise.allSettled([warmUp(origin, given), hostsKnown(origin, given)]);
  signal?.throwIfAborted();
}

/**
 * Requests the fleet and the sign-in with an invalid session. Nearly all code of a first page has run then, which takes a
 * quarter of a second that no user waits for. The answers don't matter.
 */
async function warmUp(origin: string, signal: AbortSignal | undefined): Promise<void> {
  const asked = { redirect: 'manual', headers: { Cookie: 'backchain.session_token=none' } } as const;
  for (const path of ['/', '/sign-in'])
    await (await fetch(origin + path, { ...asked, signal: signal ?? null })).text();
}

/** Waits until all hosts are connected, but not long for hosts that don't answer. */
async function hostsKnown(origin: string, signal: AbortSignal): Promise<void> {
  const until = Date.now() + HOSTS_MS;
  while (Date.now() < until) {
    const { hosts }: { hosts: { connected: number; known: number } } = await (
      await fetch(`${origin}/api/health`, { signal })
    ).json();
    if (hosts.connected === hosts.known) return;
    await delay(50);
  }
}

function quiet(): NodeJS.ProcessEnv {
  return { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };
}
