import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import type { LabHost } from './description.ts';
import { LabError } from './error.ts';
import { PATH, run } from './run.ts';

// To start virsh takes 40 ms of CPU time, and most commands less than one. So one that has answered waits for the next command.

/** Runs one virsh command, or several in one string with `;` between them, on a host. Rejects with `failed` and virsh's own words. */
export async function virsh(host: LabHost, ...command: string[]): Promise<string> {
  const line = command.length === 1 ? (command[0] ?? '') : command.map(quoted).join(' ');
  // Its prompt takes a tab for a wish to complete a name, and a line's end for the command's.
  if (/[\t\n]/.test(line)) return run('virsh', ['--quiet', '--connect', host.uri, ...command]);
  const shell = await shellOf(host);
  const { stdout, stderr } = await shell.answer(line);
  shell.release();
  if (/^error: /m.test(stderr)) throw new LabError('failed', `virsh ${line.slice(0, 300)}: ${stderr.trim()}`);
  return stdout;
}

/** Ends all that talk to a host in this folder, also in the middle of a command; resolves when they are gone. */
export async function endVirsh(dir: string): Promise<void> {
  const uris = [...shellsOf.keys()].filter((uri) => uri.includes(`${dir}/`));
  await Promise.all(uris.flatMap((uri) => [...(shellsOf.get(uri) ?? [])].map((shell) => shell.end())));
}

/** Those that run, by the host's URI. */
const shellsOf = new Map<string, Set<VirshShell>>();

/** One that is connected and free, which its daemon may have left since it answered last; else a new one. */
async function shellOf(host: LabHost): Promise<VirshShell> {
  const shells = shellsOf.get(host.uri) ?? new Set();
  shellsOf.set(host.uri, shells);
  for (const shell of [...shells]) {
    if (!shell.isFree) continue;
    shell.isFree = false;
    const isConnected = await shell.answer('uri').then(
      ({ stderr }) => stderr === '',
      () => false, // it ended
    );
    if (isConnected) return shell;
    await shell.end();
  }
  const made = new VirshShell(host, () => shells.delete(made));
  shells.add(made);
  return made;
}

const PROMPT = 'virsh # ';

/** A virsh that reads commands from its input. It ends with this process, which closes that. */
class VirshShell {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #gone: Promise<void>;
  #stdout = '';
  #stderr = '';
  #asked = 0;
  /** Called whenever something was printed, or virsh ended. */
  #heard: (() => void) | null = null;
  #isOpen = true;
  /** Why there is no such process. */
  #failure: Error | null = null;
  /** Whether nobody waits for an answer of it, or is about to. */
  isFree = false;

  constructor(host: LabHost, gone: () => void) {
    const env = { ...process.env, PATH, LC_ALL: 'C.UTF-8' };
    this.#child = spawn('virsh', ['--quiet', '--connect', host.uri], { env });
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
    // A virsh that ends closes the pipe; that it ended says enough.
    stdin.on('error', () => this.#close());
    this.#gone = new Promise((resolve) => {
      this.#child.once('close', () => {
        this.#close();
        gone();
        resolve();
      });
    });
  }

  /** What a command printed. Rejects with `failed` when virsh ends before it has answered. */
  async answer(line: string): Promise<{ stdout: string; stderr: string }> {
    this.#asked += 1;
    const mark = `answered-${this.#asked}`;
    const [before, after] = [`${PROMPT}echo ${mark}\n`, `${PROMPT}echo --err ${mark}\n${PROMPT}`];
    const failed = `error: ${mark}\n`;
    this.#keepAlive(true);
    this.#child.stdin.write(`${line}\necho ${mark}\necho --err ${mark}\n`);
    while (!this.#stdout.endsWith(after) || !this.#stderr.endsWith(failed)) {
      if (this.#failure !== null) {
        const cause = this.#failure;
        throw new LabError('not-installed', 'virsh could not be run; bin/setup installs it', { cause });
      }
      if (!this.#isOpen) {
        throw new LabError('failed', `virsh ended at ${line.slice(0, 300)}: ${this.#stderr.trim()}`);
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#heard = resolve;
      await promise;
    }
    this.#keepAlive(false);
    const [echoed = ''] = this.#stdout.split(before);
    const answer = {
      stdout: echoed.slice(echoed.indexOf('\n') + 1),
      stderr: this.#stderr.slice(0, -failed.length),
    };
    this.#stdout = '';
    this.#stderr = '';
    return answer;
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

  /** Node ends when nothing is left to do: it waits for an answer, and not for a virsh without work. */
  #keepAlive(isBusy: boolean): void {
    const { stdout, stderr, stdin } = this.#child;
    const pipes = [stdin, stdout, stderr].filter((pipe) => pipe instanceof Socket);
    for (const one of [this.#child, ...pipes]) isBusy ? one.ref() : one.unref();
  }
}

/** A word of a line, as virsh reads it. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
