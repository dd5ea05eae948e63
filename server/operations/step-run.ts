import { commandOf } from '../../model/kinds/commands.ts';
import type { OtherJob } from '../../model/kinds/other-job.ts';
import type { JournalEntry, Progress } from '../../model/operation/operation.ts';
import { type Problem, ProblemError, problem } from '../../model/problem.ts';
import type { Clock } from '../ports/clock.ts';
import type { Hosts } from '../ports/hosts.ts';
import type { JobEnd, JobEnding } from '../ports/job-end.ts';
import type { LoggedOperation } from './logged-operation.ts';
import { Rate } from './rate.ts';
import { Signal } from './signal.ts';
import { LOOK_MS, SpaceKeeper } from './space-keeper.ts';
import type { StepDriver } from './step-driver.ts';
import { WorkMeter } from './work-meter.ts';
import { Writeback } from './writeback.ts';

export interface StepRunParts {
  readonly hosts: Hosts;
  readonly clock: Clock;
  progressed(progress: Progress): void;
}

/** `since` as `StepStatus` has it. */
export type StepOutcome =
  | { readonly state: 'succeeded'; readonly copied: number | null; readonly since?: number }
  | { readonly state: 'cancelled' }
  | { readonly state: 'failed'; readonly problem: Problem; readonly since?: number };

/** How often running work is sampled, however many browsers look on. */
const SAMPLE_MS = 500;
/** How long an event may lag behind the job that it is about. */
const SETTLE_MS = 3000;
/** How long a call may take before somebody should know what it may be waiting for. */
const SLOW_MS = 5000;
/** As many looks in a row may fail: QEMU may end in the middle of one, and the next look tells that it did. */
const MOST_FAILED_LOOKS = 5;
/** How often is looked afterwards at work that may still run. */
const FAILED_LOOK_MS = 5000;

/** For how long this process has not seen work that is over, for its end to be called unseen. */
const UNSEEN_MS = 10_000;
/** As QEMU says it of a job that met a full file system. */
const NO_SPACE = 'No space left on device';

class AskFailed extends Error {}

/** One step on its way: look at what libvirt has, decide, act, look again. */
export class StepRun {
  readonly #logged: LoggedOperation;
  readonly #index: number;
  readonly #driver: StepDriver;
  readonly #parts: StepRunParts;
  readonly #signal = new Signal();
  readonly #rate = new Rate();
  readonly #space: SpaceKeeper;
  readonly #work: WorkMeter;
  readonly #out: Writeback;
  #allocatedBefore: number | null = null;
  #seen = false;
  /** When it was last known to be at work, by this process or an earlier one. */
  #seenAt: number | null = null;
  /** This process wrote down that it runs. */
  #told = false;
  #finishing = false;
  #ending: JobEnding | null = null;
  #reason: string | null = null;
  #settlingSince: number | null = null;
  #aborting = false;
  #stopped = false;
  /** An earlier process wrote a speed down, and may have ended before it asked libvirt for it. */
  #speedInDoubt = false;

  /** @param past what was written of this step before, by this process or an earlier one */
  constructor(
    logged: LoggedOperation,
    index: number,
    driver: StepDriver,
    past: readonly JournalEntry[],
    parts: StepRunParts,
  ) {
    this.#logged = logged;
    this.#index = index;
    this.#driver = driver;
    this.#parts = parts;
    this.#space = new SpaceKeeper(logged, index, driver, past, parts.hosts);
    this.#work = new WorkMeter(driver, SAMPLE_MS);
    this.#out = new Writeback(driver);
    for (const { event } of past) {
      if (!('step' in event) || event.step !== index) continue;
      if (event.kind === 'step-intended') this.#allocatedBefore = event.allocatedBefore;
      if (event.kind === 'step-running') this.#seen = true;
      if (event.kind === 'step-fell-short') this.#seen = false;
      if (event.kind === 'step-finishing') this.#finishing = true;
    }
    if (this.#seen) this.#seenAt = past.at(-1)?.at ?? null;
    const last = past.findLast(
      ({ event }) =>
        event.kind === 'speed-set' ||
        event.kind === 'speed-refused' ||
        // The work is started with the speed that was asked for by then.
        (event.kind === 'step-intended' && event.step === index),
    );
    this.#speedInDoubt = last?.event.kind === 'speed-set';
  }

  /** Something about what the step works on happened. */
  wake(): void {
    this.#signal.ring();
  }

  /** The block job of the step's disk ended. */
  jobEnded({ status, reason }: Pick<JobEnd, 'status' | 'reason'>): void {
    this.#ending = status;
    this.#reason = reason;
    this.#signal.ring();
  }

  stop(): void {
    this.#stopped = true;
    this.#signal.ring();
  }

  /** Sets the speed of what runs; what stands still for want of room goes on with it later. Before it runs there is nothing to set: it is started with what the journal says. */
  async setSpeed(bandwidth: number): Promise<void> {
    if (this.#seen && !this.#space.isPaused) await this.#driver.setSpeed?.(bandwidth);
  }

  /** Brings the step to its end; `null` when told to stop. Throws what nobody foresaw. */
  async run(): Promise<StepOutcome | null> {
    const { hosts } = this.#parts;
    let failedLooks = 0;
    while (!this.#stopped) {
      try {
        const outcome = await this.#lookAndAct();
        failedLooks = 0;
        if (outcome !== null) return outcome;
      } catch (error) {
        if (isNotThere(error)) return { state: 'failed', problem: error.problem };
        if (error instanceof AskFailed) {
          failedLooks += 1;
          if (failedLooks === MOST_FAILED_LOOKS) await this.#inTheDark(error.cause);
          await this.#signal.wait(failedLooks < MOST_FAILED_LOOKS ? SAMPLE_MS : FAILED_LOOK_MS);
        } else if (hosts.isLost(error)) {
          this.#aborting = false;
          await this.#signal.wait(this.#isHostThere() ? SAMPLE_MS : null);
        } else throw error;
      }
    }
    return null;
  }

  /** Nobody can tell what became of work that libvirt may have taken: it is not over, and is looked at until it can be seen. */
  async #inTheDark(cause: unknown): Promise<void> {
    const step = this.#index;
    if (this.#logged.now.steps[step]?.state !== 'running') throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    await this.#logged.write({ kind: 'step-warned', step, problem: problem('STATE_UNKNOWN', { reason }) });
    // Once it can be seen again, that is to be told.
    this.#told = false;
  }

  async #lookAndAct(): Promise<StepOutcome | null> {
    const { clock } = this.#parts;
    const driver = this.#driver;
    const { steps, state } = this.#logged.now;
    const intended = steps[this.#index]?.state === 'running';
    const cancelling = state === 'cancelling';
    if (cancelling && !intended) return { state: 'cancelled' };
    const verdict = await this.#asked(
      driver.judge({
        intended,
        seen: this.#seen,
        finishing: this.#finishing,
        cancelling,
        ending: this.#ending,
        reason: this.#reason,
        settled: this.#settlingSince !== null && clock() - this.#settlingSince >= SETTLE_MS,
      }),
    );
    if (verdict.do === 'settle') this.#settlingSince ??= clock();
    else this.#settlingSince = null;
    switch (verdict.do) {
      case 'done': {
        const since = this.#unseen();
        // What its last call ended was flushed before it.
        if (!this.#finishing) await this.#flushed();
        return { state: 'succeeded', copied: await this.#copied(), ...since };
      }
      case 'cancel':
        return { state: 'cancelled' };
      case 'fail':
        if (await this.#fellShort(verdict.problem)) return null;
        return { state: 'failed', problem: verdict.problem, ...this.#unseen() };
      case 'settle':
        await this.#signal.wait(SAMPLE_MS);
        return null;
      case 'wait':
        await this.#waitFor(verdict.beside);
        return null;
      case 'start':
        if (await this.#space.mayBegin(clock())) return this.#started();
        if (this.#space.isPaused) {
          this.#tellOfWaiting();
          await this.#signal.wait(LOOK_MS);
        }
        return null;
      case 'finish':
        await this.#flushed();
        return this.#finished();
      case 'watch':
        if (!this.#told) await this.#sawRunning(true);
        await this.#setSpeedAgain();
        await this.#abortIfAsked();
        await this.#out.during(() => this.#watch());
        return null;
    }
  }

  /** Nobody may tell when it is over, so it is looked at again before long. */
  async #waitFor(beside: OtherJob): Promise<void> {
    const { waitsFor = null } = this.#logged.now;
    if (waitsFor?.target !== beside.target || waitsFor.job !== beside.job)
      await this.#logged.write({ kind: 'step-waits', step: this.#index, beside });
    await this.#signal.wait(LOOK_MS);
  }

  /** Answers the failure where libvirt refused, `null` when it runs. */
  async #started(): Promise<StepOutcome | null> {
    const driver = this.#driver;
    const { bandwidth, plan } = this.#logged.now;
    const step = plan.steps[this.#index];
    // Of work that is begun again, all that it copied counts.
    this.#allocatedBefore ??= (await driver.allocated?.()) ?? null;
    const command = step === undefined ? [] : commandOf(plan, step, bandwidth);
    const intent = { step: this.#index, command, allocatedBefore: this.#allocatedBefore };
    await this.#logged.write({ kind: 'step-intended', ...intent });
    // What is still known of an earlier job says nothing about this one.
    this.#reason = null;
    this.#ending = null;
    const refused = await this.#refusalOf(
      this.#patiently(driver.start(bandwidth, (reason) => this.#failed(reason))),
    );
    if (refused !== null) return { state: 'failed', problem: refused };
    this.#speedInDoubt = false;
    await this.#sawRunning(false);
    const asked = this.#logged.now.bandwidth;
    if (asked !== bandwidth) {
      // Asked for while libvirt was starting the job. Where that is over already, the next look tells.
      await driver.setSpeed?.(asked).catch((error: unknown) => {
        if (this.#parts.hosts.isLost(error)) throw error;
      });
    }
    return null;
  }

  #failed(reason: string): void {
    this.#reason = reason;
    this.#signal.ring();
  }

  /**
   * Whether the work failed only since others and the guest took the last byte before it stood still, and now waits for room to begin
   * again. Where there is room after all, or nobody can tell, it failed of something else.
   */
  async #fellShort(failure: Problem): Promise<boolean> {
    const { state, onFull = 'pause' } = this.#logged.now;
    const { isRepeatable = false } = this.#driver;
    if (failure.params.reason !== NO_SPACE || !isRepeatable) return false;
    if (onFull !== 'pause' || state === 'cancelling') return false;
    if (await this.#space.mayBegin(this.#parts.clock())) return false;
    if (!this.#space.isPaused) return false;
    await this.#logged.write({ kind: 'step-fell-short', step: this.#index, problem: failure });
    this.#seen = false;
    this.#reason = null;
    this.#ending = null;
    return true;
  }

  /** Of work that is over, whether it ended while no dashboard, or none that could see the host, looked. */
  #unseen(): { since?: number } {
    const at = this.#seenAt;
    if (at === null) return {};
    return !this.#told || this.#parts.clock() - at > UNSEEN_MS ? { since: at } : {};
  }

  /** What is done is done when QEMU can't lose it any more. Where that can't be made sure of, the journal says so. */
  async #flushed(): Promise<void> {
    const { flush, flushCommand = '' } = this.#driver;
    if (flush === undefined) return;
    const step = this.#index;
    await this.#logged.write({ kind: 'step-flushing', step, call: flushCommand });
    const refused = (error: unknown) =>
      problem('FLUSH_REFUSED', { reason: error instanceof Error ? error.message : String(error) });
    const flushed = await flush.call(this.#driver).catch((error: unknown) => {
      if (error instanceof ProblemError || this.#parts.hosts.isLost(error)) throw error;
      return refused(error);
    });
    const { failure } = this.#out;
    const doubt = failure === null ? flushed : refused(failure);
    if (doubt !== null) await this.#logged.write({ kind: 'step-warned', step, problem: doubt });
  }

  async #finished(): Promise<StepOutcome | null> {
    const { finish, finishCommand = '', giveUp, giveUpCommand = '' } = this.#driver;
    if (finish === undefined) throw new Error('The step has nothing to finish with');
    await this.#space.release();
    const step = this.#index;
    await this.#logged.write({ kind: 'step-finishing', step, call: finishCommand });
    this.#finishing = true;
    const refused = await this.#refusalOf(finish.call(this.#driver));
    this.#seenAt = this.#parts.clock();
    if (refused === null) return null;
    if (giveUp !== undefined) {
      await this.#logged.write({ kind: 'step-given-up', step, call: giveUpCommand });
      await giveUp.call(this.#driver);
    }
    return { state: 'failed', problem: refused };
  }

  /** Why libvirt refused the call, `null` where it did not. A host that is lost leaves that open, and is thrown. */
  async #refusalOf(call: Promise<void>): Promise<Problem | null> {
    try {
      await call;
      return null;
    } catch (error) {
      if (this.#parts.hosts.isLost(error)) throw error;
      if (error instanceof ProblemError) return error.problem;
      return problem(this.#driver.refusedAs, {
        reason: error instanceof Error ? error.message : String(error),
      });
    }
  }

  /** Waits for the call, and tells what it may be waiting for. */
  async #patiently(call: Promise<void>): Promise<void> {
    const { slow } = this.#driver;
    if (slow === undefined) return call;
    const over = new Signal();
    const ring = () => over.ring();
    call.then(ring, ring);
    if (!(await over.wait(SLOW_MS))) {
      await this.#logged.write({ kind: 'step-warned', step: this.#index, problem: slow });
    }
    return call;
  }

  async #sawRunning(adopted: boolean): Promise<void> {
    this.#seen = true;
    this.#seenAt = this.#parts.clock();
    this.#told = true;
    await this.#logged.write({ kind: 'step-running', step: this.#index, adopted });
  }

  async #setSpeedAgain(): Promise<void> {
    if (!this.#speedInDoubt || this.#space.isPaused) return;
    await this.#asked(this.#driver.setSpeed?.(this.#logged.now.bandwidth) ?? Promise.resolve());
    this.#speedInDoubt = false;
  }

  async #abortIfAsked(): Promise<void> {
    if (this.#logged.now.state !== 'cancelling' || this.#aborting) return;
    await this.#asked(this.#driver.abort?.() ?? Promise.resolve());
    this.#aborting = true;
  }

  /** Samples what runs until it is gone or something happened. */
  async #watch(): Promise<void> {
    const { clock } = this.#parts;
    const { id } = this.#logged.now;
    do {
      const sample = await this.#asked(this.#driver.sample?.() ?? Promise.resolve(null));
      if (sample === null) {
        // What was asked to end may take a moment to do so.
        if (this.#aborting) await this.#signal.wait(SAMPLE_MS);
        return;
      }
      const at = clock();
      this.#seenAt = at;
      const { position, size, memory = null } = sample;
      const copied = this.#growth(sample.allocated);
      if (copied !== null) this.#rate.sample(copied, at);
      const rate = this.#rate.bytesPerSecond;
      const work = await this.#asked(this.#work.done(sample, at, this.#space.isPaused));
      this.#parts.progressed({
        operationId: id,
        step: this.#index,
        at,
        position,
        size,
        copied,
        rate,
        work,
        memory,
        free: this.#space.free,
      });
      await this.#space.mind(sample, { copied, rate }, at);
      if (!this.#aborting && this.#logged.now.state === 'cancelling') return;
    } while (!(await this.#signal.wait(SAMPLE_MS)) && !this.#stopped);
  }

  /** What has not begun for want of room has nothing to show but how much there is. */
  #tellOfWaiting(): void {
    this.#parts.progressed({
      operationId: this.#logged.now.id,
      step: this.#index,
      at: this.#parts.clock(),
      position: 0,
      size: 0,
      copied: null,
      rate: null,
      work: null,
      memory: null,
      free: this.#space.free,
    });
  }

  /** All that the step wrote, once it is done. */
  async #copied(): Promise<number | null> {
    const { allocated, makesImage } = this.#driver;
    const taken = await this.#asked(allocated?.call(this.#driver) ?? Promise.resolve(null));
    return makesImage ? taken : this.#growth(taken);
  }

  #growth(allocated: number | null): number | null {
    if (allocated === null || this.#allocatedBefore === null) return null;
    return Math.max(0, allocated - this.#allocatedBefore);
  }

  #isHostThere(): boolean {
    const { plan } = this.#logged.now;
    const hostId = plan.steps[this.#index]?.hostId ?? plan.hostId;
    return this.#parts.hosts.host(hostId)?.state === 'connected';
  }

  /** Marks what a host answers with an error of the moment, so that it is told from what is wrong here. */
  async #asked<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof ProblemError || this.#parts.hosts.isLost(error)) throw error;
      throw new AskFailed('The host did not answer what was asked', { cause: error });
    }
  }
}

/** The guest, disk or host is no more, so that there is nothing left to look at. */
function isNotThere(error: unknown): error is ProblemError {
  return error instanceof ProblemError && error.kind === 'not-found';
}
