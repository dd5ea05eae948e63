import type { Progress } from '../../model/operation/operation.ts';
import { answerOf } from './answer.ts';
import { Rate } from './rate.ts';
import type { SpaceKeeper } from './space-keeper.ts';
import type { StepAtHand } from './step-at-hand.ts';
import type { Sample } from './step-driver.ts';
import { WorkMeter } from './work-meter.ts';

/** How often running work is sampled, however many browsers show it. */
export const SAMPLE_MS = 500;

/** Measures how far a step is, and reports it. */
export class StepSampler {
  readonly #step: StepAtHand;
  readonly #space: SpaceKeeper;
  readonly #progressed: (progress: Progress) => void;
  readonly #rate = new Rate();
  readonly #meter: WorkMeter;
  #allocatedBefore: number | null;

  /** @param allocatedBefore bytes that the image took before the work; `null` as long as nobody measured them */
  constructor(
    step: StepAtHand,
    space: SpaceKeeper,
    allocatedBefore: number | null,
    progressed: (progress: Progress) => void,
  ) {
    this.#step = step;
    this.#space = space;
    this.#allocatedBefore = allocatedBefore;
    this.#progressed = progressed;
    this.#meter = new WorkMeter(step.driver, SAMPLE_MS);
  }

  /** Bytes that the image took before the work. They are measured once: of work that is begun again, all that it copied counts. */
  async allocatedBefore(): Promise<number | null> {
    this.#allocatedBefore ??= (await this.#step.driver.allocated?.()) ?? null;
    return this.#allocatedBefore;
  }

  /** All that the step wrote, once it is done. */
  async copied(): Promise<number | null> {
    const { driver, hosts } = this.#step;
    const allocated = await answerOf(hosts, driver.allocated?.() ?? null);
    return driver.makesImage ? allocated : this.#growth(allocated);
  }

  /** `null` when nothing runs any more. */
  read(): Promise<Sample | null> {
    const { driver, hosts } = this.#step;
    return answerOf(hosts, driver.sample?.() ?? null);
  }

  /** Reports a sample, and pauses or resumes the work as the free space demands. @param at milliseconds since 1970 */
  async report(sample: Sample, at: number): Promise<void> {
    const { position, size, memory = null } = sample;
    const copied = this.#growth(sample.allocated);
    if (copied !== null) this.#rate.sample(copied, at);
    const rate = this.#rate.bytesPerSecond;
    const work = await answerOf(this.#step.hosts, this.#meter.done(sample, at, this.#space.isPaused));
    this.#publish({ at, position, size, grownBy: copied, rate, work, memory });
    await this.#space.check(sample, { copied, rate }, at);
  }

  /** Reports work that waits for free space before it begins: the free space is all that can be shown. */
  reportWaiting(at: number): void {
    this.#publish({ at, position: 0, size: 0, grownBy: null, rate: null, work: null, memory: null });
  }

  #publish(measured: Omit<Progress, 'operationId' | 'step' | 'free'>): void {
    const { logged, index } = this.#step;
    this.#progressed({ operationId: logged.now.id, step: index, ...measured, free: this.#space.free });
  }

  #growth(allocated: number | null): number | null {
    if (allocated === null || this.#allocatedBefore === null) return null;
    return Math.max(0, allocated - this.#allocatedBefore);
  }
}
