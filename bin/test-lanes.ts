import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';

/** A command that checks something, and is believed by its exit code alone. */
export interface Part {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

/** Parts that run one after the other, beside those of other lanes. */
export type Lane = readonly Part[];

export interface Result {
  readonly name: string;
  /** `null` where it was not started, since the run was ended before. */
  readonly passed: boolean | null;
  readonly seconds: number;
  /** The lines in which the part's own tools say how many passed. */
  readonly summary: readonly string[];
  /** What failed, and the beginning of why, as the part's own tools say it: a log that is cut keeps its end. */
  readonly failures: readonly string[];
}

const REMINDER_MS = 60_000;
const SUMMARY = /^\s*(Checked|Test Files|Tests|\d+ (passed|failed|flaky|skipped|interrupted|did not run))\b/;
/** The line that names a failed test: vitest's, and Playwright's. */
const FAILED_TEST = /^\s*(FAIL|\d+\)) /;
const LINES_OF_FAILURE = 10;
const LINES_WITHOUT_A_TEST = 30;
const FAILURES_SAID = 15;

/**
 * Runs lanes beside each other. A part that fails keeps no other from running: one run finds all that is wrong. What a
 * part prints is said when it has ended, so that the output of two never mixes. Aborted, it tells running parts to end,
 * waits until they have cleared away what they made, and starts no more.
 */
export async function runLanes(
  lanes: readonly Lane[],
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<readonly Result[]> {
  const running = new Map<string, number>();
  const remind = () => {
    const parts = [...running].map(([name, began]) => `${name} (${secondsSince(began)} s)`);
    say(`Still running: ${parts.join(', ')}`);
  };
  const reminder = setInterval(remind, REMINDER_MS);
  const done = await Promise.all(
    lanes.map(async (lane) => {
      const results: Result[] = [];
      for (const part of lane) {
        if (signal.aborted) {
          results.push({ name: part.name, passed: null, seconds: 0, summary: [], failures: [] });
          continue;
        }
        say(`Started: ${part.name}`);
        const began = Date.now();
        running.set(part.name, began);
        const { passed, output } = await runPart(part, signal);
        running.delete(part.name);
        const seconds = secondsSince(began);
        say(
          `\n==== ${part.name} ${passed ? 'passed' : 'FAILED'} after ${seconds} s ====\n${output.trimEnd()}\n`,
        );
        const lines = stripVTControlCharacters(output).split('\n');
        const summary = lines.filter((line) => SUMMARY.test(line));
        results.push({
          name: part.name,
          passed,
          seconds,
          summary,
          failures: passed ? [] : failuresIn(lines),
        });
      }
      return results;
    }),
  );
  clearInterval(reminder);
  return done.flat();
}

function failuresIn(lines: readonly string[]): readonly string[] {
  const starts = lines.flatMap((line, at) => (FAILED_TEST.test(line) ? [at] : []));
  const said = starts.slice(0, FAILURES_SAID).flatMap((start, index) => {
    const end = Math.min(start + LINES_OF_FAILURE, starts[index + 1] ?? lines.length);
    return lines.slice(start, end).filter((line) => line.trim() !== '');
  });
  // What fails before its first test, such as a lab that does not come up, names none.
  if (starts.length === 0) return lines.filter((line) => line.trim() !== '').slice(-LINES_WITHOUT_A_TEST);
  const more = starts.length - FAILURES_SAID;
  return more > 0 ? [...said, `… and ${more} more`] : said;
}

/** What failed and why, then what took how long, and what each part's own tools counted. */
export function reportOf(results: readonly Result[], seconds: number): string {
  const width = Math.max(...results.map(({ name }) => name.length));
  const lines = results.flatMap(({ name, passed, seconds: took, summary }) => [
    `${name.padEnd(width)}  ${stateOf(passed)}  ${String(took).padStart(5)} s`,
    ...summary.map((line) => `${' '.repeat(width)}  ${line.trim()}`),
  ]);
  const failed = results.filter(({ failures }) => failures.length > 0);
  return [
    ...failed.flatMap(({ name, failures }) => [`==== failed in ${name} ====`, ...failures, '']),
    ...lines,
    `${'all'.padEnd(width)}  ${stateOf(isPassed(results))}  ${String(seconds).padStart(5)} s`,
  ].join('\n');
}

/** Whether everything was run and nothing failed. */
export function isPassed(results: readonly Result[]): boolean {
  return results.every(({ passed }) => passed === true);
}

function stateOf(passed: boolean | null): string {
  if (passed === null) return 'not run';
  return passed ? 'passed ' : 'FAILED ';
}

async function runPart({ command }: Part, signal: AbortSignal): Promise<{ passed: boolean; output: string }> {
  const [program, ...args] = command;
  // In a process group of its own: a Ctrl-C reaches it through us, once, and whatever it started with it.
  const child = spawn(program, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const pieces: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (piece: Buffer) => pieces.push(piece));
  }
  const end = () => child.pid !== undefined && process.kill(-child.pid, 'SIGINT');
  signal.addEventListener('abort', end, { once: true });
  try {
    await once(child, 'close');
  } catch (error) {
    pieces.push(Buffer.from(`${program} could not be started: ${error}\n`));
  } finally {
    signal.removeEventListener('abort', end);
  }
  return { passed: child.exitCode === 0, output: Buffer.concat(pieces).toString() };
}

function secondsSince(began: number): number {
  return Math.round((Date.now() - began) / 1000);
}
