import type { FreeSpace } from '../../model/fleet/free-space.ts';

/** Seconds in which what others took counts for half: work is not resumed between two of their writes, only to be paused again. */
const HALF_LIFE = 2;
/** Seconds over which what others took is spread at least: of two measurements close together, one burst of writes would seem a flood. */
const LEAST_SPAN = 0.5;

/** The free space where a step writes, at one moment. */
export interface Measurement {
  readonly freeSpace: FreeSpace;
  /** Bytes that the step has written by then. */
  readonly copied: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A measurement, and how fast others fill the file system by the ones before it. */
export interface SpaceTrend extends Measurement {
  /** Bytes per second that disappeared without being the step's own. */
  readonly others: number;
}

export function trendAfter(before: SpaceTrend | null, now: Measurement): SpaceTrend {
  if (before === null) return { ...now, others: 0 };
  const seconds = (now.at - before.at) / 1000;
  // A pool that was not refreshed since reports the same: all that disappeared would seem to do so in the moment after it was.
  if (seconds <= 0 || (now.freeSpace.free === before.freeSpace.free && seconds < (now.freeSpace.age ?? 0)))
    return before;
  const gone = before.freeSpace.free - now.freeSpace.free - (now.copied - before.copied);
  // Whoever took much a moment ago may do so again; whoever gave some back has made space.
  const ofLate = now.freeSpace.free > before.freeSpace.free ? 0 : before.others * 2 ** (-seconds / HALF_LIFE);
  return { ...now, others: Math.max(ofLate, gone / Math.max(seconds, LEAST_SPAN)) };
}
