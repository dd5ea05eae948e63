import { type SpawnOptions, spawn } from 'node:child_process';

/** How a program ended. */
export interface Ended {
  /** Why it could not be started, or a `TooSlow`; `null` where it ended by itself. */
  readonly failure: Error | null;
  /** `null` where a signal ended it. */
  readonly status: number | null;
  /** The last of what it complained of. */
  readonly complaint: string;
}

/** Characters of complaints that are kept. */
const COMPLAINTS = 2000;

/** A program took longer than it might. */
export class TooSlow extends Error {}

/**
 * Runs a program; what it prints goes to `said` as it comes. What that throws ends the program, and is thrown.
 * @param timeout milliseconds
 */
export function followOutput(
  [program, ...words]: readonly [string, ...string[]],
  { timeout, env }: Pick<SpawnOptions, 'env'> & { readonly timeout: number },
  said: (text: string) => void,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let complaint = '';
    const over = (failure: Error | null, status: number | null) => {
      clearTimeout(timer);
      resolve({ failure, status, complaint: complaint.trim() });
    };
    const timer = setTimeout(() => {
      over(new TooSlow(`${program} took too long`), null);
      child.kill();
    }, timeout);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-COMPLAINTS);
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      try {
        said(text);
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
