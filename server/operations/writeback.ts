import { Signal } from './signal.ts';
import type { StepDriver } from './step-driver.ts';

/** Milliseconds that others have the disk for themselves between two calls. */
const PAUSE_MS = 100;

/**
 * Writes to the disk what a running step copies, while it runs. The flush at its end, and the guest's own flushes meanwhile, then
 * wait for little, and not for all that fits into memory.
 */
export class Writeback {
  readonly #driver: Pick<StepDriver, 'writeback'>;
  #failure: unknown = null;

  constructor(driver: Pick<StepDriver, 'writeback'>) {
    this.#driver = driver;
  }

  /** Why something could not be written, `null` where all could. The system reports it only once, to the first that asks. */
  get failure(): unknown {
    return this.#failure;
  }

  /** The result of `work`, during which it writes. A call that is under way when the work is over delays nobody. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const over = new Signal();
    void this.#until(over);
    try {
      return await work();
    } finally {
      over.ring();
    }
  }

  /** Never rejects. */
  async #until(over: Signal): Promise<void> {
    const { writeback } = this.#driver;
    if (writeback === undefined) return;
    try {
      while (!(await over.wait(PAUSE_MS))) await writeback.call(this.#driver);
    } catch (error) {
      this.#failure = error;
    }
  }
}
