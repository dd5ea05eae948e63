import { spawn } from 'node:child_process';
import { LabError } from './error.ts';

// libvirtd is in /usr/sbin, which Debian leaves off an ordinary user's PATH.
export const PATH = `${process.env.PATH ?? '/usr/bin:/bin'}:/usr/sbin:/sbin`;

export interface Outcome {
  /** Exit status; null when a signal ended the program. */
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, whatever its exit status. Rejects with `not-installed` when there is no such program. */
export function attempt(program: string, args: readonly string[], input = ''): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...process.env, PATH, LC_ALL: 'C.UTF-8' } });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', (cause) =>
      reject(new LabError('not-installed', `${program} could not be run; bin/setup installs it`, { cause })),
    );
    child.on('close', (status) => resolve({ status, stdout, stderr }));
    // A program that ends without reading its input closes the pipe; its exit status says what happened.
    child.stdin.on('error', () => child.stdin.destroy());
    child.stdin.end(input);
  });
}

/** Runs a program and returns what it printed. Rejects with `failed` and the program's own words on any other exit status than 0. */
export async function run(program: string, args: readonly string[], input = ''): Promise<string> {
  const { status, stdout, stderr } = await attempt(program, args, input);
  if (status === 0) return stdout;
  const words = stderr.trim() || stdout.trim() || `exit status ${status}`;
  throw new LabError('failed', `${program} ${args.join(' ').slice(0, 300)}: ${words}`);
}

/**
 * Runs programs one after the other, up to the first that fails, and returns all that they printed. A shell starts them:
 * it needs a fifth of the time that Node does.
 */
export function runAll(commands: readonly (readonly string[])[]): Promise<string> {
  const lines = commands.map((command) => command.map(quoted).join(' '));
  return run('sh', ['-e'], `${lines.join('\n')}\n`);
}

/** A word that a shell takes as it is. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
