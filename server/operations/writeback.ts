import { Signal } from './signal.ts';
import type { StepDriver } from './step-driver.ts';

/** Milliseconds in which others have the disk between two write-outs. */
const PAUSE_MS = 100;

/**
 * Has what a running step writes brought to the disk while it runs: the flush at its end, and the guest's own flushes meanwhile,
 * then wait for what was copied in a moment, not for all that memory had room for.
 */
export class Writeback {
  readonly #driver: Pick<StepDriver, 'writeback'>;
  #failure: unknown = null;

  constructor(driver: Pick<StepDriver, 'writeback'>) {
    this.#driver = driver;
  }

  /** Why something could not be written, `null` where all could: the system tells only the first who asks. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Does as `work` does, and writes out meanwhile. A write-out that is under way when the work is over keeps nobody waiting. */
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
