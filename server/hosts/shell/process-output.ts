import { type SpawnOptions, spawn } from 'node:child_process';

/** How a program ended. */
export interface Ended {
  /** Why it could not be started, or a `TooSlow`; `null` where it ended by itself. */
  readonly failure: Error | null;
  /** `null` where a signal ended it. */
  readonly status: number | null;
  /** The end of what it wrote to its standard error. */
  readonly stderr: string;
}

/** Characters of standard error that are kept. */
const MOST_STDERR = 2000;

/** A program ran longer than its timeout. */
export class TooSlow extends Error {}

/**
 * Runs a program and hands its standard output to `read` as it comes. An error that `read` throws ends the program, and is thrown.
 * @param timeout milliseconds
 */
export function followOutput(
  [program, ...words]: readonly [string, ...string[]],
  { timeout, env }: Pick<SpawnOptions, 'env'> & { readonly timeout: number },
  read: (text: string) => void,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    const over = (failure: Error | null, status: number | null) => {
      clearTimeout(timer);
      resolve({ failure, status, stderr: stderr.trim() });
    };
    const timer = setTimeout(() => {
      over(new TooSlow(`${program} took too long`), null);
      child.kill();
    }, timeout);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-MOST_STDERR);
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      try {
        read(text);
      } catch (error) {
        clearTimeout(timer);
        reject(error);
        child.kill();
      }
    });
    child.on('error', (error) => over(error, null));
    child.on('close', (status) => over(null, status));
  });
}
