import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { until } from '../lab/process.ts';
import type { SandboxFolder } from './sandbox-folder.ts';

/** A program of bin/, run as its npm script runs it, with all that it makes in one place. */
export class Command implements AsyncDisposable {
  /** Its exit code, or null where a signal ended it, once all is said, also by what it started. */
  readonly ended: Promise<number | null>;
  readonly #gone: Promise<unknown>;
  readonly #child: ChildProcess;
  #output = '';

  constructor(program: string, place: SandboxFolder, env: Readonly<Record<string, string>> = {}) {
    this.#child = spawn(process.execPath, [program], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TMPDIR: place.path, BACKCHAIN_STATE: `${place.path}/state`, ...env },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
    this.ended = once(this.#child, 'close').then(() => this.#child.exitCode);
    this.#gone = once(this.#child, 'exit');
  }

  /** All that it said so far. */
  get output(): string {
    return this.#output;
  }

  /** What the pattern's group finds in its output, as soon as it is said. */
  async said(pattern: RegExp, seconds?: number): Promise<string> {
    const isSaid = async () => pattern.test(this.#output) || this.#child.exitCode !== null;
    await until(String(pattern), isSaid, seconds).catch((cause) => {
      throw new Error(`All that was said:\n${this.#output}`, { cause });
    });
    const [whole, group = whole] = pattern.exec(this.#output) ?? [];
    if (group === undefined) throw new Error(`It ended, and all that was said is:\n${this.#output}`);
    return group;
  }

  /** Sends a signal to this process and to none that it started; resolves as soon as it is gone. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.#child.kill(signal);
    await this.#gone;
    return this.#child.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGINT');
  }
}
