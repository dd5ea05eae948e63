/** Bytes that a job copies, by their offset in the virtual disk. */
export interface Work {
  /** Bytes. */
  readonly total: number;
  /** How many of these bytes are below this offset. */
  below(offset: number): number;
}

/**
 * What a job copies, and what its speed limit counts if that is more: also zeros, which take no time without a
 * limit.
 */
export interface JobWork extends Work {
  readonly limited?: Work;
}

const WORDS_PER_SUM = 64;

/**
 * A pull and an inactive commit report an offset in the virtual disk, which passes empty parts at once. This
 * computes how much of the work is done at an offset.
 * @param bits the clusters that are copied, of this many bytes each
 */
export function workOf(bits: Uint32Array, clusterSize: number): Work {
  const sums = new Float64Array(Math.ceil(bits.length / WORDS_PER_SUM) + 1);
  for (let word = 0; word < bits.length; word++) {
    const sum = Math.floor(word / WORDS_PER_SUM) + 1;
    sums[sum] = (sums[sum] ?? 0) + countIn(bits[word] ?? 0);
  }
  for (let at = 1; at < sums.length; at++) sums[at] = (sums[at] ?? 0) + (sums[at - 1] ?? 0);
  return {
    total: (sums.at(-1) ?? 0) * clusterSize,
    below(offset) {
      const clusters = Math.max(0, Math.min(bits.length * 32, offset / clusterSize));
      const whole = Math.floor(clusters);
      const sum = Math.floor(whole / 32 / WORDS_PER_SUM);
      let count = sums[sum] ?? 0;
      for (let word = sum * WORDS_PER_SUM; word < whole >>> 5; word++) count += countIn(bits[word] ?? 0);
      const last = bits[whole >>> 5] ?? 0;
      count += countIn(last & (2 ** (whole & 31) - 1));
      if (((last >>> (whole & 31)) & 1) === 1) count += clusters - whole;
      return count * clusterSize;
    },
  };
}

function countIn(word: number): number {
  let count = 0;
  for (let left = word; left !== 0; left &= left - 1) count++;
  return count;
}

/** Milliseconds in which the weight of a sample falls to a third. */
const MEMORY = 10_000;
/** Milliseconds before the first rate is reported. */
const FIRST = 3000;

/**
 * How fast a job has been recently, and since when it is sampled; an immutable value, `null` before the first
 * sample.
 */
export interface Pace {
  readonly since: number;
  readonly at: number;
  readonly done: number;
  /**
   * Bytes per millisecond. The weight is the share of the average that the samples so far make up; it corrects the
   * first seconds.
   */
  readonly rate: number;
  readonly weight: number;
}

/**
 * The pace after one more sample, an exponentially weighted mean.
 * @param done bytes of the work that are done, see `Work.below`
 * @param at milliseconds
 */
export function sampled(before: Pace | null, done: number, at: number): Pace {
  if (before === null) return { since: at, at, done, rate: 0, weight: 0 };
  const elapsed = at - before.at;
  if (elapsed <= 0) return before;
  const kept = Math.exp(-elapsed / MEMORY);
  const now = Math.max(0, done - before.done) / elapsed;
  return {
    since: before.since,
    at,
    done,
    rate: before.rate * kept + now * (1 - kept),
    weight: before.weight * kept + (1 - kept),
  };
}

/**
 * Bytes per second, and milliseconds until so many bytes are done; `null` in the first seconds, and while nothing
 * is copied.
 */
export function paceOf(pace: Pace | null, total: number): { rate: number | null; left: number | null } {
  if (pace === null || pace.at - pace.since < FIRST || pace.rate <= 0) return { rate: null, left: null };
  const rate = (pace.rate / pace.weight) * 1000;
  return { rate, left: timeLeft(Math.max(0, total - pace.done), rate) };
}

/** Milliseconds for so many bytes at so many bytes per second; `null` where nothing moves. */
export function timeLeft(bytes: number, rate: number): number | null {
  return rate > 0 ? (bytes / rate) * 1000 : null;
}
