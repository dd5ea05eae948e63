import type { Step } from '../../model/kinds/kinds.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import {
  isOver,
  type JournalEntry,
  type JournalEvent,
  type Operation,
  type Progress,
} from '../../model/operation/operation.ts';
import { waitsForOthers } from '../../model/operation/pause.ts';
import { type Problem, ProblemError, problem } from '../../model/problem.ts';
import { reasonOf } from '../../model/reason.ts';
import type { Hosts } from '../ports/hosts.ts';
import type { JobEnd } from '../ports/job-end.ts';
import { LoggedOperation, type LogParts } from './logged-operation.ts';
import { Signal } from './signal.ts';
import type { PastOfStep, StepDriver } from './step-driver.ts';
import { type StepOutcome, StepRun } from './step-run.ts';

export interface RunParts extends LogParts {
  readonly hosts: Hosts;
  progressed(progress: Progress): void;
  /** What drives a step of the plan. */
  driver(plan: Plan, step: Step): StepDriver;
}

/** Milliseconds until a host is asked again that was lost in the middle of a call, and is connected again. */
const RETRY_MS = 500;

const SUCCEEDED = { kind: 'ended', state: 'succeeded', problem: null } as const;

/** How an operation ended. */
type Ending = Pick<Extract<JournalEvent, { kind: 'ended' }>, 'state' | 'problem'>;

/**
 * Brings one operation to its end, step by step. All that has to be remembered is in the journal, so that this process or the next
 * can continue from any entry.
 */
export class Run {
  readonly #parts: RunParts;
  readonly #logged: LoggedOperation;
  /** The step that it is at. */
  #at: { readonly step: Step; readonly run: StepRun } | null = null;
  readonly #signal = new Signal();
  #stopped = false;

  constructor(operation: Operation, parts: RunParts) {
    this.#parts = parts;
    this.#logged = new LoggedOperation(operation, parts);
  }

  get operation(): Operation {
    return this.#logged.now;
  }

  /** Something happened to the guest or its host. */
  wake(): void {
    this.#at?.run.wake();
    this.#signal.ring();
  }

  /** A block job of the guest's disk ended. */
  jobEnded(end: JobEnd): void {
    const step = this.#at?.step;
    if (step !== undefined && 'target' in step && step.target === end.target) this.#at?.run.jobEnded(end);
  }

  /** Stops without ending the operation: the next process takes it up. */
  stop(): void {
    this.#stopped = true;
    this.#at?.run.stop();
    this.#signal.ring();
  }

  write(...events: readonly JournalEvent[]): Promise<void> {
    return this.#logged.write(...events);
  }

  /** Throws `OPERATION_OVER`. */
  async cancel(actor: string): Promise<void> {
    if (this.operation.state === 'cancelling') return;
    await this.write({ kind: 'cancel-asked', actor });
    this.wake();
  }

  /** Lets work that is paused for space take from the reserve. Throws `OPERATION_OVER`, or `NOT_PAUSED` where none is. */
  async resume(actor: string): Promise<void> {
    const { paused = null, reserveStep: intoReserve } = this.operation;
    if (paused === null) throw new ProblemError('conflict', problem('NOT_PAUSED'));
    if (intoReserve === paused.step) return;
    await this.write({ kind: 'resume-asked', step: paused.step, fileSystem: paused.fileSystem, actor });
    this.wake();
  }

  /** Throws `OPERATION_OVER`, or `SPEED_REFUSED` where libvirt does not take it. */
  async setSpeed(bandwidth: number, actor: string): Promise<void> {
    const before = this.operation.bandwidth;
    await this.write({ kind: 'speed-set', bandwidth, actor });
    try {
      await this.#at?.run.setSpeed(bandwidth);
    } catch (error) {
      const refused =
        error instanceof ProblemError ? error.problem : problem('SPEED_REFUSED', { reason: reasonOf(error) });
      // What ended meanwhile has no speed any more, and its journal is closed.
      if (!isOver(this.operation))
        await this.write({ kind: 'speed-refused', bandwidth: before, problem: refused });
      throw error instanceof ProblemError ? error : new ProblemError('failed', refused, { cause: error });
    }
  }

  /** Ends an operation after an error that nobody foresaw. A job that QEMU runs continues, and is shown on the disk. */
  breakOff(error: unknown): Promise<void> {
    return this.write({
      kind: 'ended',
      state: 'failed',
      problem:
        error instanceof ProblemError ? error.problem : problem('UNEXPECTED', { reason: reasonOf(error) }),
    });
  }

  /** Brings the operation to its end. Resolves early only after `stop`. */
  async drive(): Promise<void> {
    const { startedAt, state, plan } = this.operation;
    if (startedAt === null && state === 'cancelling') {
      return this.write({ kind: 'ended', state: 'cancelled', problem: null });
    }
    const past = startedAt === null ? [] : await this.#logged.entries();
    if (startedAt === null) await this.write({ kind: 'started' });
    const failure = failureIn(past);
    if (failure !== null) return this.#endWithout({ state: 'failed', problem: failure });
    for (const [i, step] of plan.steps.entries()) {
      if (this.operation.steps[i]?.state === 'done') continue;
      const outcome = await this.#follow(i, step, past);
      if (outcome === null) return;
      if (outcome.state !== 'succeeded') return this.#endAfter(i, outcome);
      const { copied: grownBy, lastSeenAt } = outcome;
      const done: JournalEvent = { kind: 'step-done', step: i, grownBy, ...seenAt(lastSeenAt) };
      const isLast = i === plan.steps.length - 1;
      await this.write(done, ...(isLast ? [SUCCEEDED] : []));
    }
    // What a process that ended between two entries left, or a plan without steps.
    if (this.operation.endedAt === null) await this.write(SUCCEEDED);
  }

  /** Brings a step to its end; `null` after `stop`. */
  async #follow(index: number, step: Step, past: readonly JournalEntry[]): Promise<StepOutcome | null> {
    const { hosts, clock, progressed } = this.#parts;
    const atHand = { logged: this.#logged, index, driver: this.#driver(step), hosts, clock };
    const run = new StepRun(atHand, past, progressed);
    this.#at = { step, run };
    return this.#stopped ? null : run.run();
  }

  async #endAfter(step: number, outcome: Exclude<StepOutcome, { state: 'succeeded' }>): Promise<void> {
    if (outcome.state === 'cancelled')
      return this.#endWithout({ state: 'cancelled', problem: await this.#whyCancelled() });
    const { problem: failed, lastSeenAt } = outcome;
    return this.#endWithout(
      { state: 'failed', problem: failed },
      { kind: 'step-failed', step, problem: failed, ...seenAt(lastSeenAt) },
    );
  }

  /** Ends without success, once everything is removed that earlier steps made and nobody needs. */
  async #endWithout(ending: Ending, ...last: readonly JournalEvent[]): Promise<void> {
    const { steps } = this.operation.plan;
    const made = steps.map((step, i) => ({ i, step })).filter(({ i, step }) => this.#mayLeave(i, step));
    if (made.length === 0) return this.write(...last, { kind: 'ended', ...ending });
    if (last.length > 0) await this.write(...last);
    for (const { i, step } of made.reverse()) if (!(await this.#removed(i, step))) return;
    await this.write({ kind: 'ended', ...ending });
  }

  /** Removes what a step made, as soon as its host can be reached; `false` after `stop`. */
  async #removed(i: number, step: Step): Promise<boolean> {
    const { hosts } = this.#parts;
    const state = this.operation.steps[i]?.state ?? 'waiting';
    while (!this.#stopped) {
      try {
        const leftover = await this.#driver(step).leftover?.(state, await this.#pastOf(i));
        if (!leftover) return true;
        await this.write({ kind: 'step-undone', step: i, call: leftover.command });
        await leftover.run();
        return true;
      } catch (error) {
        if (!hosts.isLost(error)) throw error;
        await this.#signal.wait(hosts.host(step.hostId)?.state === 'connected' ? RETRY_MS : null);
      }
    }
    return false;
  }

  /** Why it was cancelled; `null` where somebody asked for it. */
  async #whyCancelled(): Promise<Problem | null> {
    for (const { event } of await this.#logged.entries()) {
      if (event.kind === 'cancel-asked') return null;
      if (event.kind !== 'space-ran-out') continue;
      const { fileSystem, free: freeSpace, needed } = event.pause;
      if (waitsForOthers(event.pause)) return problem('SPACE_TAKEN_BY_OTHERS', { fileSystem, freeSpace });
      return problem('SPACE_RAN_OUT', { fileSystem, freeSpace, needed });
    }
    return null;
  }

  async #pastOf(i: number): Promise<PastOfStep> {
    const entries = await this.#logged.entries();
    const has = (kind: 'step-intended' | 'step-running') =>
      entries.some(({ event }) => event.kind === kind && event.step === i);
    return { intended: has('step-intended'), seen: has('step-running') };
  }

  #mayLeave(i: number, step: Step): boolean {
    const state = this.operation.steps[i]?.state;
    return state !== 'waiting' && this.#driver(step).leftover !== undefined;
  }

  #driver(step: Step): StepDriver {
    return this.#parts.driver(this.operation.plan, step);
  }
}

function seenAt(lastSeenAt: number | undefined): { lastSeenAt?: number } {
  return lastSeenAt === undefined ? {} : { lastSeenAt };
}

/** Why a step failed, where an earlier process wrote that down and ended before it ended the operation. */
function failureIn(past: readonly JournalEntry[]): Problem | null {
  for (const { event } of past) if (event.kind === 'step-failed') return event.problem;
  return null;
}
