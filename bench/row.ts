import type { Measurement } from './measurement.ts';

/** What a row is given. */
export interface Bench {
  /** What the row started and has to be ended, in the reverse order. */
  readonly stack: AsyncDisposableStack;
  readonly say: (line: string) => void;
  /** `wanted` repetitions, or a few with --quick. */
  rounds(wanted: number): number;
  /** So many seconds, in milliseconds, or a part of them with --quick. */
  span(seconds: number): number;
}

/** One thing to measure, in one run: both sides of a ratio on one machine, minutes apart at most. */
export interface Row {
  /** What `npm run bench -- NAME` calls it. */
  readonly name: string;
  run(bench: Bench): Promise<readonly Measurement[]>;
}
