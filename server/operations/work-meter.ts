import { type JobWork, type Pace, paceOf, sampled, type Work } from '../../model/cost/eta.ts';
import type { WorkDone } from '../../model/operation/operation.ts';
import { Signal } from './signal.ts';
import type { Sample, StepDriver } from './step-driver.ts';

/** How much of a running step's work is done, sample by sample, and how fast it goes. */
export class WorkMeter {
  readonly #driver: Pick<StepDriver, 'work' | 'countsWork'>;
  /** Milliseconds that a sample waits for `work`: a host behind ssh may take long, and samples continue meanwhile. */
  readonly #patience: number;
  /** What there is to copy, once that is known. */
  #work: JobWork | null = null;
  /** The answer of `work`; `null` before it is asked for, and again where it failed. */
  #answer: Promise<JobWork | null> | null = null;
  #pace: Pace | null = null;
  /** The work by which the pace is measured; `undefined` where it is the bytes that are copied. */
  #paced: Work | undefined;

  constructor(driver: Pick<StepDriver, 'work' | 'countsWork'>, patience: number) {
    this.#driver = driver;
    this.#patience = patience;
  }

  /**
   * What is done by this sample; `null` while that is unknown. Throws what `work` throws; the next sample asks again.
   * @param at milliseconds since 1970
   * @param isPaused whether the work is paused for space
   */
  async done(
    { position, size, bandwidth = 0 }: Sample,
    at: number,
    isPaused: boolean,
  ): Promise<WorkDone | null> {
    const { countsWork = false } = this.#driver;
    if (!countsWork) await this.#find();
    const limited = bandwidth === 0 ? undefined : this.#work?.limited;
    const work = countsWork ? { total: size, below: () => position } : (limited ?? this.#work);
    if (work === null) return null;
    const { total } = work;
    const done = work.below(position);
    // A time in which it is paused says nothing of its pace, nor does what was counted by another measure.
    const before = this.#paced === limited ? this.#pace : null;
    this.#paced = limited;
    this.#pace = isPaused ? null : sampled(before, done, at);
    return { done, total, ...paceOf(this.#pace, total), withZeros: limited !== undefined };
  }

  /** Asks once the job runs, so that its start does not wait for the answer. */
  async #find(): Promise<void> {
    if (this.#work !== null) return;
    this.#answer ??= this.#driver.work?.() ?? Promise.resolve(null);
    const late = new Signal();
    const early = late.wait(this.#patience).then(() => null);
    try {
      this.#work = await Promise.race([this.#answer, early]);
    } catch (error) {
      this.#answer = null;
      throw error;
    } finally {
      late.ring();
    }
  }
}
