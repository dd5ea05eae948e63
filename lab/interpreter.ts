import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { LabError } from './error.ts';

// libvirtd is in /usr/sbin, which Debian leaves off an ordinary user's PATH.
export const PATH = `${process.env.PATH ?? '/usr/bin:/bin'}:/usr/sbin:/sbin`;

export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that reads commands from its input, one after the other. It ends with this process, which closes that. */
export class Interpreter {
  readonly #program: string;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #gone: Promise<void>;
  #stdout = '';
  #stderr = '';
  /** Called whenever something was printed, or the program ended. */
  #heard: (() => void) | null = null;
  #isOpen = true;
  /** Why there is no such process. */
  #failure: Error | null = null;
  /** Whether nobody waits for an answer of it, or is about to. */
  isFree = false;

  /** @param gone called when its process is gone */
  constructor(program: string, args: readonly string[], gone: () => void) {
    this.#program = program;
    this.#child = spawn(program, args, { env: { ...process.env, PATH, LC_ALL: 'C.UTF-8' } });
    const { stdin, stdout, stderr } = this.#child;
    stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      this.#heard?.();
    });
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
      this.#heard?.();
    });
    this.#child.on('error', (error) => {
      this.#failure = error;
    });
    // A program that ends closes the pipe; that it ended says enough.
    stdin.on('error', () => this.#close());
    this.#gone = new Promise((resolve) => {
      this.#child.once('close', () => {
        this.#close();
        gone();
        resolve();
      });
    });
  }

  /**
   * What it printed for a command.
   * @param lines what it is told, with a line's end
   * @param isAnswered whether it has printed all
   * @throws `LabError`: `failed` when it ends before, `not-installed` when there is no such program
   */
  async ask(lines: string, isAnswered: (printed: Printed) => boolean): Promise<Printed> {
    this.#keepAlive(true);
    this.#child.stdin.write(lines);
    while (!isAnswered({ stdout: this.#stdout, stderr: this.#stderr })) {
      if (this.#failure !== null) {
        const words = `${this.#program} could not be run; bin/setup installs it`;
        throw new LabError('not-installed', words, { cause: this.#failure });
      }
      if (!this.#isOpen) {
        const [command = ''] = lines.split('\n');
        throw new LabError(
          'failed',
          `${this.#program} ended at ${command.slice(0, 300)}: ${this.#stderr.trim()}`,
        );
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#heard = resolve;
      await promise;
    }
    this.#keepAlive(false);
    const printed = { stdout: this.#stdout, stderr: this.#stderr };
    this.#stdout = '';
    this.#stderr = '';
    return printed;
  }

  /** It may answer the next command, if it is still there. */
  release(): void {
    this.isFree = this.#isOpen;
  }

  /** Resolves when its process is gone. */
  end(): Promise<void> {
    this.#keepAlive(true);
    this.#close();
    return this.#gone;
  }

  #close(): void {
    this.#isOpen = false;
    this.isFree = false;
    this.#child.kill();
    this.#heard?.();
  }

  /** Node ends when nothing is left to do: it waits for an answer, and not for a program without work. */
  #keepAlive(isBusy: boolean): void {
    const { stdout, stderr, stdin } = this.#child;
    const pipes = [stdin, stdout, stderr].filter((pipe) => pipe instanceof Socket);
    for (const one of [this.#child, ...pipes]) isBusy ? one.ref() : one.unref();
  }
}

/** A word that a shell and virsh take as it is. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
