import { commandOf } from '../../model/kinds/commands.ts';
import { type Problem, ProblemError, problem } from '../../model/problem.ts';
import { reasonOf } from '../../model/reason.ts';
import type { JobEnd, JobEnding } from '../ports/job-end.ts';
import { answerOf } from './answer.ts';
import { Signal } from './signal.ts';
import type { SpaceKeeper } from './space-keeper.ts';
import type { StepAtHand } from './step-at-hand.ts';
import type { StepRecord } from './step-record.ts';
import type { StepMemory } from './verdict.ts';
import { Writeback } from './writeback.ts';

/** How long a call may take before its operation says what it may be waiting for. */
const SLOW_MS = 5000;
/** Where this process has not seen work for so long before it is over, nobody saw its end. */
const MISSED_MS = 10_000;

/** The calls that bring a step to its end, each written into the journal before it is made, and what is known by them. */
export class StepCalls {
  readonly #step: StepAtHand;
  readonly #space: SpaceKeeper;
  readonly writeback: Writeback;
  #seen: boolean;
  #seenAt: number | null;
  /** Whether this process wrote down that the work runs. */
  #isReported = false;
  #finishing: boolean;
  #aborting = false;
  #ending: JobEnding | null = null;
  #reason: string | null = null;
  #speedInDoubt: boolean;
  #frozen: StepMemory['frozen'] = null;
  #thaw: StepMemory['thaw'] = null;

  constructor(step: StepAtHand, space: SpaceKeeper, record: StepRecord) {
    this.#step = step;
    this.#space = space;
    this.writeback = new Writeback(step.driver);
    this.#seen = record.seen;
    this.#seenAt = record.seenAt;
    this.#finishing = record.finishing;
    this.#speedInDoubt = record.speedInDoubt;
  }

  memory(settled: boolean): StepMemory {
    const { steps, state } = this.#step.logged.now;
    return {
      intended: steps[this.#step.index]?.state === 'running',
      seen: this.#seen,
      finishing: this.#finishing,
      cancelling: state === 'cancelling',
      ending: this.#ending,
      reason: this.#reason,
      settled,
      frozen: this.#frozen,
      thaw: this.#thaw,
    };
  }

  /** Whether the end of the work was asked for. */
  get isAborting(): boolean {
    return this.#aborting;
  }

  jobEnded({ status, reason }: Pick<JobEnd, 'status' | 'reason'>): void {
    this.#ending = status;
    this.#reason = reason;
  }

  /** The work was at work. @param at milliseconds since 1970 */
  saw(at: number): void {
    this.#seenAt = at;
  }

  /** Of work that is over, when it was last seen, where nobody saw its end; empty where this process saw it. */
  missedEnd(): { lastSeenAt?: number } {
    const at = this.#seenAt;
    if (at === null) return {};
    return !this.#isReported || this.#step.clock() - at > MISSED_MS ? { lastSeenAt: at } : {};
  }

  /**
   * Answers why libvirt refused, `null` when the work is under way or the guest's file systems may be frozen.
   * @param failed called when the work fails later
   */
  async start(allocatedBefore: number | null, failed: () => void): Promise<Problem | null> {
    const { logged, index, driver } = this.#step;
    const { bandwidth, plan } = logged.now;
    const step = plan.steps[index];
    const command = step === undefined ? [] : commandOf(plan, step, bandwidth);
    await logged.write({ kind: 'step-intended', step: index, command, allocatedBefore });
    // What is known of an earlier job says nothing about this one.
    this.#reason = null;
    this.#ending = null;
    this.#frozen = null;
    this.#thaw = null;
    const started = driver.start(bandwidth, (reason) => {
      this.#reason = reason;
      failed();
    });
    const refused = await this.#refusalOf(this.#patiently(started));
    if (refused?.code === 'MAY_BE_FROZEN' && driver.thaw !== undefined) {
      this.#frozen = refused;
      return null;
    }
    if (refused !== null) return refused;
    this.#speedInDoubt = false;
    await this.#runs(false);
    const asked = logged.now.bandwidth;
    // Somebody asked for another speed while libvirt was starting the job. If that is over already, the next sample shows it.
    if (asked !== bandwidth) await this.#unlessLost(driver.setSpeed?.(asked));
    return null;
  }

  /** Writes down, once in a process, that the work was found running. */
  async adopt(): Promise<void> {
    if (!this.#isReported) await this.#runs(true);
  }

  /**
   * Sets the speed of what runs. Work that is paused for space gets it when it is resumed, and work that has not begun starts
   * with it.
   */
  async setSpeed(bandwidth: number): Promise<void> {
    if (this.#seen && !this.#space.isPaused) await this.#step.driver.setSpeed?.(bandwidth);
  }

  /** Asks for the speed that an earlier process wrote down, where that one may have ended before it asked. */
  async confirmSpeed(): Promise<void> {
    const { logged, driver, hosts } = this.#step;
    if (!this.#speedInDoubt || this.#space.isPaused) return;
    await answerOf(hosts, driver.setSpeed?.(logged.now.bandwidth));
    this.#speedInDoubt = false;
  }

  async abortIfAsked(): Promise<void> {
    const { logged, driver, hosts } = this.#step;
    if (logged.now.state !== 'cancelling' || this.#aborting) return;
    await answerOf(hosts, driver.abort?.());
    this.#aborting = true;
  }

  /** The host was lost, so that nobody knows whether it took the abort. */
  lost(): void {
    this.#aborting = false;
  }

  /** Thaws the guest's file systems; what comes of it is remembered, so that nobody tries again in silence. */
  async thaw(): Promise<void> {
    const { logged, index: step, driver, hosts } = this.#step;
    const { thaw } = driver;
    if (thaw === undefined) throw new Error('The step freezes nothing');
    await logged.write({ kind: 'step-thawing', step, call: thaw.command });
    this.#thaw = { failure: await answerOf(hosts, thaw.run()) };
  }

  /** What is done is done when QEMU can't lose it any more. Where that is uncertain, the journal says so. */
  async flush(): Promise<void> {
    const { logged, index: step, driver, hosts } = this.#step;
    const { flush } = driver;
    if (flush !== undefined) await logged.write({ kind: 'step-flushing', step, call: flush.command });
    const refused = (error: unknown) => problem('FLUSH_REFUSED', { reason: reasonOf(error) });
    // Without a flush QEMU wrote everything by itself.
    const written = flush === undefined ? this.#written() : flush.run();
    const flushed = await written.catch((error: unknown) => {
      if (error instanceof ProblemError || hosts.isLost(error)) throw error;
      return refused(error);
    });
    const { failure } = this.writeback;
    const doubt = failure === null ? flushed : refused(failure);
    if (doubt !== null) await logged.write({ kind: 'step-warned', step, problem: doubt });
  }

  async #written(): Promise<null> {
    await this.#step.driver.writeback?.();
    return null;
  }

  /** Makes the last, irrevocable call. Answers why libvirt refused; the work is then given up. */
  async finish(): Promise<Problem | null> {
    const { logged, index: step, driver, clock } = this.#step;
    const { finish, giveUp } = driver;
    if (finish === undefined) throw new Error('The step has no last call');
    await this.#space.release();
    await logged.write({ kind: 'step-finishing', step, call: finish.command });
    this.#finishing = true;
    const refused = await this.#refusalOf(finish.run());
    this.#seenAt = clock();
    if (refused !== null && giveUp !== undefined) {
      await logged.write({ kind: 'step-given-up', step, call: giveUp.command });
      await giveUp.run();
    }
    return refused;
  }

  /** QEMU ended the work for want of space: it is to be begun again. */
  async fellShort(failure: Problem): Promise<void> {
    const { logged, index: step } = this.#step;
    await logged.write({ kind: 'step-out-of-space', step, problem: failure });
    this.#seen = false;
    this.#reason = null;
    this.#ending = null;
  }

  /** The outcome of work that libvirt may have accepted is unknown. Throws the cause if nothing was begun: then nothing is lost. */
  async unreachable(cause: unknown): Promise<void> {
    const { logged, index: step } = this.#step;
    if (logged.now.steps[step]?.state !== 'running') throw cause;
    const warning = problem('STATE_UNKNOWN', { reason: reasonOf(cause) });
    await logged.write({ kind: 'step-warned', step, problem: warning });
    // Once the work can be seen again, the journal says so.
    this.#isReported = false;
  }

  async #runs(adopted: boolean): Promise<void> {
    const { logged, index: step, clock } = this.#step;
    this.#seen = true;
    this.#seenAt = clock();
    this.#isReported = true;
    await logged.write({ kind: 'step-running', step, adopted });
  }

  /** Why libvirt refused the call, `null` where it did not. A lost host leaves that open, and is thrown. */
  async #refusalOf(call: Promise<void>): Promise<Problem | null> {
    const { driver, hosts } = this.#step;
    try {
      await call;
      return null;
    } catch (error) {
      if (hosts.isLost(error)) throw error;
      if (error instanceof ProblemError) return error.problem;
      return problem(driver.refusedAs, { reason: reasonOf(error) });
    }
  }

  /** Waits for the call, and writes down what it may be waiting for. */
  async #patiently(call: Promise<void>): Promise<void> {
    const { logged, index: step, driver } = this.#step;
    if (driver.slow === undefined) return call;
    const over = new Signal();
    const ring = () => over.ring();
    call.then(ring, ring);
    if (!(await over.wait(SLOW_MS))) await logged.write({ kind: 'step-warned', step, problem: driver.slow });
    return call;
  }

  async #unlessLost(call: Promise<void> | undefined): Promise<void> {
    await call?.catch((error: unknown) => {
      if (this.#step.hosts.isLost(error)) throw error;
    });
  }
}
