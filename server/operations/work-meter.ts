import { type JobWork, type Pace, paceOf, sampled, type Work } from '../../model/cost/eta.ts';
import type { WorkDone } from '../../model/operation/operation.ts';
import { Signal } from './signal.ts';
import type { Sample, StepDriver } from './step-driver.ts';

/** How much of a running step's work is done, sample by sample, and how fast it goes. */
export class WorkMeter {
  readonly #driver: Pick<StepDriver, 'work' | 'countsWork'>;
  /** Milliseconds that a sample waits for the look: a host behind ssh takes long, and samples go on meanwhile. */
  readonly #patience: number;
  /** What there is to copy, as soon as somebody could tell. */
  #work: JobWork | null = null;
  /** The look for it; `null` before it is begun, and again where it failed. */
  #look: Promise<JobWork | null> | null = null;
  #pace: Pace | null = null;
  /** What the pace is one of, where it is not what is copied. */
  #paced: Work | undefined;

  constructor(driver: Pick<StepDriver, 'work' | 'countsWork'>, patience: number) {
    this.#driver = driver;
    this.#patience = patience;
  }

  /**
   * What is done by this sample; `null` as long as nobody can tell. Throws what the look for the work throws; the next sample
   * looks again.
   * @param at milliseconds
   * @param isHeld whether it stands still for want of room
   */
  async done(
    { position, size, bandwidth = 0 }: Sample,
    at: number,
    isPaused: boolean,
  ): Promise<WorkDone | null> {
    const { countsWork = false } = this.#driver;
    if (!countsWork) await this.#see();
    const limited = bandwidth === 0 ? undefined : this.#work?.limited;
    const work = countsWork ? { total: size, below: () => position } : (limited ?? this.#work);
    if (work === null) return null;
    const { total } = work;
    const done = work.below(position);
    // The time that it stands still says nothing of its pace, nor does what was counted otherwise.
    const before = this.#paced === limited ? this.#pace : null;
    this.#paced = limited;
    this.#pace = isPaused ? null : sampled(before, done, at);
    return { done, total, ...paceOf(this.#pace, total), withZeros: limited !== undefined };
  }

  /** Looked up once the job runs, so that its start does not wait for it. */
  async #see(): Promise<void> {
    if (this.#work !== null) return;
    this.#look ??= this.#driver.work?.() ?? Promise.resolve(null);
    const late = new Signal();
    const early = late.wait(this.#patience).then(() => null);
    try {
      this.#work = await Promise.race([this.#look, early]);
    } catch (error) {
      this.#look = null;
      throw error;
    } finally {
      late.ring();
    }
  }
}
