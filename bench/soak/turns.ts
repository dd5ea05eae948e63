/** Whoever acts on guests or daemons from outside takes turns, so that a comparison is not cut short by a kill. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  on<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
