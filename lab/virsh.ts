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
  if (shell.isOpen) idle(host).push(shell);
  if (/^error: /m.test(stderr)) throw new LabError('failed', `virsh ${line.slice(0, 300)}: ${stderr.trim()}`);
  return stdout;
}

/** Ends those that wait for a command of a host in this folder; resolves when they are gone. */
export async function endVirsh(dir: string): Promise<void> {
  const uris = [...idleOf.keys()].filter((uri) => uri.includes(`${dir}/`));
  const shells = uris.flatMap((uri) => idleOf.get(uri) ?? []);
  for (const uri of uris) idleOf.delete(uri);
  await Promise.all(shells.map((shell) => shell.end()));
}

/** Those that wait for a command, by the host's URI. */
const idleOf = new Map<string, VirshShell[]>();

function idle({ uri }: LabHost): VirshShell[] {
  const shells = idleOf.get(uri) ?? [];
  idleOf.set(uri, shells);
  return shells;
}

/** One that is connected; its daemon may have been killed since it answered last. */
async function shellOf(host: LabHost): Promise<VirshShell> {
  for (let shell = idle(host).pop(); shell !== undefined; shell = idle(host).pop()) {
    if (shell.isOpen && (await shell.answer('uri')).stderr === '') return shell;
    await shell.end();
  }
  return new VirshShell(host);
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
  isOpen = true;

  constructor(host: LabHost) {
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
    for (const source of [this.#child, stdin]) source.on('error', () => this.#close());
    this.#gone = new Promise((resolve) => {
      this.#child.once('close', () => {
        this.#close();
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
      if (!this.isOpen)
        throw new LabError('failed', `virsh ended at ${line.slice(0, 300)}: ${this.#stderr.trim()}`);
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

  /** Resolves when its process is gone. */
  end(): Promise<void> {
    this.#keepAlive(true);
    this.#close();
    return this.#gone;
  }

  #close(): void {
    this.isOpen = false;
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
