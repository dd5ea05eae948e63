import type { Measurement } from './measurement.ts';

/** What a row is given. */
export interface Bench {
  /** What the row started and has to be ended, in the reverse order. */
  readonly stack: AsyncDisposableStack;
  readonly say: (line: string) => void;
  /** `wanted` repetitions, or a few where only a look is wanted. */
  rounds(wanted: number): number;
  /** So many seconds, in milliseconds, or a part of them where only a look is wanted. */
  span(seconds: number): number;
}

/** One thing to measure, in one run: both sides of a ratio on one machine, minutes apart at most. */
export interface Row {
  /** What `npm run bench -- NAME` calls it. */
  readonly name: string;
  run(bench: Bench): Promise<readonly Measurement[]>;
}
