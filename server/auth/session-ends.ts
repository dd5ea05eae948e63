/** The longest delay of a Node timer, milliseconds. */
const LONGEST = 2 ** 31 - 1;

/** Reports the end of a session to what lasts as long as it does, such as streams. */
export class SessionEnds {
  readonly #ends = new Map<string, AbortController>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /**
   * Aborted once the session ends, and from then on: a query that was running at that moment may still have found the session.
   *
   * @param expiresAt milliseconds since 1970
   */
  of(id: string, expiresAt: number): AbortSignal {
    const known = this.#ends.get(id);
    if (known) return known.signal;
    const end = new AbortController();
    this.#ends.set(id, end);
    this.#wait(end, expiresAt);
    return end.signal;
  }

  end(id: string): void {
    const end = this.#ends.get(id) ?? new AbortController();
    this.#ends.set(id, end);
    end.abort();
  }

  #wait(end: AbortController, expiresAt: number): void {
    const left = expiresAt - this.#now();
    const timer = setTimeout(
      () => (left > LONGEST ? this.#wait(end, expiresAt) : end.abort()),
      Math.min(Math.max(left, 0), LONGEST),
    );
    timer.unref();
    end.signal.addEventListener('abort', () => clearTimeout(timer));
  }
}
