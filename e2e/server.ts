import { type FileHandle, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { type Dashboard, serve } from '../bin/dashboard.ts';
import { freePort } from '../bin/port.ts';
import type { Lab } from '../lab/lab.ts';
import { run } from '../lab/run.ts';

/** Starts the server with no more rights than an ordinary user: root may read folders that nobody else may. */
function through(): string[] {
  return userInfo().uid === 0 ? ['setpriv', '--bounding-set', '-dac_override,-dac_read_search'] : [];
}

/** Settings of a dashboard beside its hosts and its state, as the README has them. */
export type Settings = Readonly<Record<string, string>>;

/** The production build, run on the lab's hosts with a state directory of its own; it can be killed and started again. */
export class Server {
  readonly origin: string;
  readonly #port: number;
  readonly #state: string;
  readonly #logFile: string;
  readonly #log: FileHandle;
  readonly #hosts: string;
  readonly #settings: Settings;
  #dashboard: Dashboard | null = null;

  private constructor(
    port: number,
    state: string,
    logFile: string,
    log: FileHandle,
    lab: Lab,
    settings: Settings,
  ) {
    this.origin = `http://127.0.0.1:${port}`;
    this.#port = port;
    this.#state = state;
    this.#logFile = logFile;
    this.#log = log;
    this.#settings = settings;
    this.#hosts = lab.hosts.map(({ name, uri }) => `${name}=${uri}`).join(',');
  }

  /** Starts one on the first free port from `wanted` on. */
  static async open(lab: Lab, wanted: number, settings: Settings = {}): Promise<Server> {
    const state = await mkdtemp(join(tmpdir(), 'backchain-e2e-state-'));
    const logFile = join(state, 'log');
    const server = new Server(
      await freePort(wanted),
      state,
      logFile,
      await open(logFile, 'a'),
      lab,
      settings,
    );
    await server.start();
    return server;
  }

  async start(): Promise<void> {
    this.#dashboard = await serve({
      port: this.#port,
      env: {
        BACKCHAIN_HOSTS: this.#hosts,
        BACKCHAIN_STATE: this.#state,
        BACKCHAIN_LOG: 'warn',
        ...this.#settings,
      },
      log: this.#log.fd,
      through: through(),
    });
  }

  /** Ends it without a warning, as a crash or the kernel's memory killer would. */
  async kill(): Promise<void> {
    await this.#dashboard?.kill();
    this.#dashboard = null;
  }

  async close(): Promise<void> {
    await this.#dashboard?.stop();
    await this.#log.close();
    await rm(this.#state, { recursive: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The process that runs now. Throws while none does. */
  get pid(): number {
    if (this.#dashboard === null) throw new Error('The dashboard does not run');
    return this.#dashboard.pid;
  }

  /** A new one-time sign-in link, made as an operator at the shell makes one. */
  async signInLink(): Promise<string> {
    const program = join(import.meta.dirname, '../server/auth/sign-in-link.ts');
    return (await run('env', [`BACKCHAIN_STATE=${this.#state}`, process.execPath, program])).trim();
  }

  /** What it wrote to its standard error so far. */
  log(): Promise<string> {
    return readFile(this.#logFile, 'utf8');
  }
}
