import type { OtherJob } from '../../model/kinds/other-job.ts';
import type { JournalEntry, Progress } from '../../model/operation/operation.ts';
import { type Problem, ProblemError } from '../../model/problem.ts';
import type { JobEnd } from '../ports/job-end.ts';
import { answerOf, NoAnswer } from './answer.ts';
import { Signal } from './signal.ts';
import { CHECK_MS, SpaceKeeper } from './space-keeper.ts';
import type { StepAtHand } from './step-at-hand.ts';
import { StepCalls } from './step-calls.ts';
import { recordOf } from './step-record.ts';
import { SAMPLE_MS, StepSampler } from './step-sampler.ts';
import type { Verdict } from './verdict.ts';

/** `lastSeenAt` as `StepStatus` has it. */
export type StepOutcome =
  | { readonly state: 'succeeded'; readonly copied: number | null; readonly lastSeenAt?: number }
  | { readonly state: 'cancelled' }
  | { readonly state: 'failed'; readonly problem: Problem; readonly lastSeenAt?: number };

/** How long an event may lag behind the job that it is about. */
const SETTLE_MS = 3000;
/** As many questions in a row may fail before the state of the work counts as unknown. */
const MOST_FAILURES = 5;
/** How often the host is asked afterwards about work that may still run. */
const UNKNOWN_MS = 5000;
/** As QEMU says it of a job that met a full file system. */
const NO_SPACE = 'No space left on device';

/** One step from where it is to its end: read what libvirt has, decide, act, read again. */
export class StepRun {
  readonly #step: StepAtHand;
  readonly #signal = new Signal();
  readonly #space: SpaceKeeper;
  readonly #calls: StepCalls;
  readonly #sampler: StepSampler;
  #settlingSince: number | null = null;
  #stopped = false;

  /** @param past what this process or an earlier one wrote of the operation */
  constructor(step: StepAtHand, past: readonly JournalEntry[], progressed: (progress: Progress) => void) {
    const record = recordOf(past, step.index);
    this.#step = step;
    this.#space = new SpaceKeeper(step, past);
    this.#calls = new StepCalls(step, this.#space, record);
    this.#sampler = new StepSampler(step, this.#space, record.allocatedBefore, progressed);
  }

  /** Something happened to what the step works on. */
  wake(): void {
    this.#signal.ring();
  }

  /** The block job of the step's disk ended. */
  jobEnded(end: Pick<JobEnd, 'status' | 'reason'>): void {
    this.#calls.jobEnded(end);
    this.#signal.ring();
  }

  stop(): void {
    this.#stopped = true;
    this.#signal.ring();
  }

  /** See `StepCalls`. */
  setSpeed(bandwidth: number): Promise<void> {
    return this.#calls.setSpeed(bandwidth);
  }

  /** Brings the step to its end; `null` after `stop`. Throws what nobody foresaw. */
  async run(): Promise<StepOutcome | null> {
    const { hosts } = this.#step;
    let failures = 0;
    while (!this.#stopped) {
      try {
        const outcome = await this.#turn();
        failures = 0;
        if (outcome !== null) return outcome;
      } catch (error) {
        if (isNotThere(error)) return { state: 'failed', problem: error.problem };
        if (error instanceof NoAnswer) {
          failures += 1;
          if (failures === MOST_FAILURES) await this.#calls.unreachable(error.cause);
          await this.#signal.wait(failures < MOST_FAILURES ? SAMPLE_MS : UNKNOWN_MS);
        } else if (hosts.isLost(error)) {
          this.#calls.lost();
          await this.#signal.wait(this.#isHostThere() ? SAMPLE_MS : null);
        } else throw error;
      }
    }
    return null;
  }

  /** One turn of the loop; `null` where another has to follow. */
  async #turn(): Promise<StepOutcome | null> {
    const memory = this.#calls.memory(this.#isSettled());
    if (memory.cancelling && !memory.intended) return { state: 'cancelled' };
    const verdict = await answerOf(this.#step.hosts, this.#step.driver.judge(memory));
    this.#settlingSince = verdict.do === 'settle' ? (this.#settlingSince ?? this.#step.clock()) : null;
    return this.#act(verdict);
  }

  async #act(verdict: Verdict): Promise<StepOutcome | null> {
    switch (verdict.do) {
      case 'done':
        return this.#done();
      case 'cancel':
        return { state: 'cancelled' };
      case 'fail':
        return this.#failed(verdict.problem);
      case 'settle':
        await this.#signal.wait(SAMPLE_MS);
        return null;
      case 'wait':
        await this.#waitFor(verdict.beside);
        return null;
      case 'start':
        return this.#start();
      case 'thaw':
        await this.#calls.thaw();
        return null;
      case 'finish':
        await this.#calls.flush();
        return failure(await this.#calls.finish());
      case 'watch':
        await this.#calls.adopt();
        await this.#calls.confirmSpeed();
        await this.#calls.abortIfAsked();
        await this.#calls.writeback.during(() => this.#watch());
        return null;
    }
  }

  #isSettled(): boolean {
    return this.#settlingSince !== null && this.#step.clock() - this.#settlingSince >= SETTLE_MS;
  }

  async #done(): Promise<StepOutcome> {
    const seen = this.#calls.missedEnd();
    // What the last call ended was flushed before it.
    if (!this.#calls.memory(false).finishing) await this.#calls.flush();
    return { state: 'succeeded', copied: await this.#sampler.copied(), ...seen };
  }

  async #failed(problem: Problem): Promise<StepOutcome | null> {
    if (await this.#lacksOnlySpace(problem)) {
      await this.#calls.fellShort(problem);
      return null;
    }
    return { state: 'failed', problem, ...this.#calls.missedEnd() };
  }

  /**
   * Whether the work failed only because others and the guest took the last byte before it was paused, and now waits for free space
   * to begin again. Where there is space after all, or nobody can measure it, it failed for another reason.
   */
  async #lacksOnlySpace({ params }: Problem): Promise<boolean> {
    const { logged, driver, clock } = this.#step;
    const { state, onFull = 'pause' } = logged.now;
    if (params.reason !== NO_SPACE || !driver.isRepeatable) return false;
    if (onFull !== 'pause' || state === 'cancelling') return false;
    return !(await this.#space.mayBegin(clock())) && this.#space.isPaused;
  }

  /** No event may come when the other job is over, so the host is asked again before long. */
  async #waitFor(beside: OtherJob): Promise<void> {
    const { logged, index: step } = this.#step;
    const { waitsFor = null } = logged.now;
    if (waitsFor?.target !== beside.target || waitsFor.job !== beside.job)
      await logged.write({ kind: 'step-waits', step, waitsFor: beside });
    await this.#signal.wait(CHECK_MS);
  }

  async #start(): Promise<StepOutcome | null> {
    const { clock } = this.#step;
    if (await this.#space.mayBegin(clock())) {
      const before = await this.#sampler.allocatedBefore();
      return failure(await this.#calls.start(before, () => this.#signal.ring()));
    }
    if (this.#space.isPaused) {
      this.#sampler.reportWaiting(clock());
      await this.#signal.wait(CHECK_MS);
    }
    return null;
  }

  /** Samples what runs until it is gone or something happens. */
  async #watch(): Promise<void> {
    const { logged, clock } = this.#step;
    do {
      const sample = await this.#sampler.read();
      if (sample === null) {
        // Work that was asked to end may take a moment to do so.
        if (this.#calls.isAborting) await this.#signal.wait(SAMPLE_MS);
        return;
      }
      const at = clock();
      this.#calls.saw(at);
      await this.#sampler.report(sample, at);
      if (!this.#calls.isAborting && logged.now.state === 'cancelling') return;
    } while (!(await this.#signal.wait(SAMPLE_MS)) && !this.#stopped);
  }

  #isHostThere(): boolean {
    const { logged, index, hosts } = this.#step;
    const { plan } = logged.now;
    return hosts.host(plan.steps[index]?.hostId ?? plan.hostId)?.state === 'connected';
  }
}

function failure(problem: Problem | null): StepOutcome | null {
  return problem && { state: 'failed', problem };
}

/** The guest, disk or host does not exist any more, so that there is nothing left to read. */
function isNotThere(error: unknown): error is ProblemError {
  return error instanceof ProblemError && error.kind === 'not-found';
}
