import type { JournalEvent, Operation } from '../../model/operation.ts';
import { ProblemError, problem } from '../../model/problem.ts';
import { LoggedOperation, type LogParts } from './logged-operation.ts';
import type { JobEnding } from './ports.ts';
import { type Outcome, Pull, type PullParts } from './pull.ts';

export interface RunParts extends LogParts, PullParts {}

/**
 * One operation on its way, step by step. All that it has to remember is in the journal, so it goes on from any entry, in
 * this process or the next.
 */
export class Run {
  readonly #parts: RunParts;
  readonly #logged: LoggedOperation;
  /** The step that it is at. */
  #pull: Pull | null = null;
  #stopped = false;

  constructor(operation: Operation, parts: RunParts) {
    this.#parts = parts;
    this.#logged = new LoggedOperation(operation, parts);
  }

  get operation(): Operation {
    return this.#logged.now;
  }

  /** Something about this disk or its host happened. */
  wake(ending: JobEnding | null = null): void {
    this.#pull?.wake(ending);
  }

  /** Lets go without ending the operation: the next process takes it up. */
  stop(): void {
    this.#stopped = true;
    this.#pull?.stop();
  }

  write(event: JournalEvent): Promise<void> {
    return this.#logged.write(event);
  }

  /** Throws `OPERATION_OVER`. */
  async cancel(actor: string): Promise<void> {
    if (this.operation.state === 'cancelling') return;
    await this.write({ kind: 'cancel-asked', actor });
    this.wake();
  }

  /** Throws `OPERATION_OVER`, or `SPEED_REFUSED` where libvirt does not take it. */
  async setSpeed(bandwidth: number, actor: string): Promise<void> {
    // Before there is a job it is only written down: the job is started with it.
    if (this.#pull?.seen) await this.#applySpeed(bandwidth);
    await this.write({ kind: 'speed-set', bandwidth, actor });
  }

  async #applySpeed(bandwidth: number): Promise<void> {
    try {
      await this.#parts.disks.setSpeed(this.operation.disk, bandwidth);
    } catch (error) {
      if (error instanceof ProblemError) throw error;
      throw new ProblemError('failed', problem('SPEED_REFUSED', { reason: reasonOf(error) }), {
        cause: error,
      });
    }
  }

  /** Ends an operation that nobody foresaw could not go on. A job that QEMU runs is left to it, and seen on the disk. */
  breakOff(error: unknown): Promise<void> {
    return this.write({
      kind: 'ended',
      state: 'failed',
      problem: problem('UNEXPECTED', { reason: reasonOf(error) }),
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
    for (const [i, step] of plan.steps.entries()) {
      if (this.operation.steps[i]?.state === 'done') continue;
      this.#pull = new Pull(this.#logged, i, step, past, this.#parts);
      if (this.#stopped) return;
      const outcome = await this.#pull.run();
      if (outcome === null) return;
      if (outcome.state !== 'succeeded') return this.#end(i, outcome);
    }
    await this.write({ kind: 'ended', state: 'succeeded', problem: null });
  }

  async #end(step: number, outcome: Outcome): Promise<void> {
    if (outcome.problem !== null) await this.write({ kind: 'step-failed', step, problem: outcome.problem });
    await this.write({ kind: 'ended', ...outcome });
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
