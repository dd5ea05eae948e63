/** Weight of the newest sample in the mean. */
const NEWEST = 0.3;

/** An exponentially weighted mean of growth, bytes per second. */
export class Rate {
  #last: { bytes: number; at: number } | null = null;
  #mean: number | null = null;

  /** @param at milliseconds */
  sample(bytes: number, at: number): void {
    const last = this.#last;
    this.#last = { bytes, at };
    if (last === null || at <= last.at) return;
    const now = Math.max(0, ((bytes - last.bytes) * 1000) / (at - last.at));
    this.#mean = this.#mean === null ? now : this.#mean + NEWEST * (now - this.#mean);
  }

  /** `null` before two samples. */
  get bytesPerSecond(): number | null {
    return this.#mean;
  }
}
