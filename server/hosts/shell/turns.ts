/** Runs a limited number of tasks at once; the others wait in their order. */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  /** Runs the task when it is its turn; settles as the task does. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      // The turn goes to the next one waiting, so that no newcomer gets ahead.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}
