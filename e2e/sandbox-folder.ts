import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { down } from '../lab/lab.ts';
import { kill, processes } from '../lab/process.ts';

/** A folder for all that commands make, apart from anybody's who works on this machine, and what there is left of them. */
export class SandboxFolder implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async make(): Promise<SandboxFolder> {
    // Not in TMPDIR: guests' sockets need a short path.
    return new SandboxFolder(await mkdtemp('/tmp/bc-'));
  }

  /** Processes, files, mounts and sockets, as texts. */
  async left(): Promise<string[]> {
    const files = await readdir(this.path);
    const tables = await Promise.all(
      ['/proc/self/mountinfo', '/proc/net/unix'].map((path) => this.#linesOf(path)),
    );
    return [...(await this.processes()), ...files, ...tables.flat()];
  }

  /** The command lines of all processes that name the folder there or in their environment. */
  async processes(): Promise<string[]> {
    return (await this.#processes()).map(({ command }) => command.join(' '));
  }

  #processes() {
    return processes(({ command, environment }) =>
      [...command, ...environment].some((word) => word.includes(this.path)),
    );
  }

  async #linesOf(table: string): Promise<string[]> {
    return (await readFile(table, 'utf8')).split('\n').filter((line) => line.includes(this.path));
  }

  /** Takes down what a command left here against its promise. */
  async [Symbol.asyncDispose](): Promise<void> {
    await kill(await this.#processes());
    const labs = (await readdir(this.path)).filter((name) => /^bc-demo-\d+$/.test(name));
    for (const name of labs) await down({ dir: join(this.path, name) });
    await rm(this.path, { recursive: true });
  }
}
