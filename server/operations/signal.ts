/**
 * Wakes one waiter. A ring while nobody waits is kept for the next wait, so that nothing is missed which happens between reading
 * a state and waiting for its next change.
 */
export class Signal {
  #rung = false;
  #wake: (() => void) | null = null;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Waits for a ring, at most `milliseconds`; answers whether there was one. */
  async wait(milliseconds: number | null = null): Promise<boolean> {
    if (!this.#rung) {
      await new Promise<void>((resolve) => {
        const timer = milliseconds === null ? null : setTimeout(resolve, milliseconds);
        this.#wake = () => {
          if (timer !== null) clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#wake = null;
    const rung = this.#rung;
    this.#rung = false;
    return rung;
  }
}
