import { activeOf, type Chain, positionOf } from '../../model/chain.ts';
import type { Image } from '../../model/image.ts';
import {
  applied,
  isOver,
  type JournalEntry,
  type JournalEvent,
  type Operation,
  type Progress,
} from '../../model/operation.ts';
import type { Step } from '../../model/plan.ts';
import { type Problem, ProblemError, problem } from '../../model/problem.ts';
import { Bell } from './bell.ts';
import type { Clock, Disks, Hosts, JobEnding, Journal } from './ports.ts';
import { judgePull } from './pull-step.ts';
import { Rate } from './rate.ts';

export interface RunParts {
  readonly journal: Journal;
  readonly disks: Disks;
  readonly hosts: Hosts;
  readonly clock: Clock;
  changed(operation: Operation, entry: JournalEntry): void;
  progressed(progress: Progress): void;
}

/** How often a running job is sampled, however many browsers look on. */
const SAMPLE_MS = 500;
/** How long an event may lag behind the job that it is about. */
const SETTLE_MS = 3000;

/** As many looks in a row may fail: QEMU may end in the middle of one, and the next look tells that it did. */
const MOST_FAILED_LOOKS = 5;

class AskFailed extends Error {}

type Outcome = { state: 'succeeded' | 'cancelled'; problem: null } | { state: 'failed'; problem: Problem };

/**
 * One operation on its way: look at what libvirt has, decide, act, look again. All that it has to remember is in the
 * journal, so it goes on from any entry, in this process or the next.
 */
export class Run {
  readonly #parts: RunParts;
  readonly #bell = new Bell();
  readonly #rate = new Rate();
  #operation: Operation;
  #allocatedBefore: number | null = null;
  #seen = false;
  #ending: JobEnding | null = null;
  #reason: string | null = null;
  #goneSince: number | null = null;
  #stopped = false;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(operation: Operation, parts: RunParts) {
    this.#operation = operation;
    this.#parts = parts;
  }

  get operation(): Operation {
    return this.#operation;
  }

  /** Something about this disk or its host happened. */
  wake(ending: JobEnding | null = null): void {
    if (ending !== null) this.#ending = ending;
    this.#bell.ring();
  }

  /** Lets go without ending the operation: the next process takes it up. */
  stop(): void {
    this.#stopped = true;
    this.#bell.ring();
  }

  /** Throws `OPERATION_OVER`. */
  async cancel(actor: string): Promise<void> {
    if (this.#operation.state === 'cancelling') return;
    await this.write({ kind: 'cancel-asked', actor });
    this.#bell.ring();
  }

  /** Throws `OPERATION_OVER`, or `SPEED_REFUSED` where libvirt does not take it. */
  async setSpeed(bandwidth: number, actor: string): Promise<void> {
    // Before there is a job it is only written down: the job is started with it.
    if (this.#seen) await this.#applySpeed(bandwidth);
    await this.write({ kind: 'speed-set', bandwidth, actor });
  }

  async #applySpeed(bandwidth: number): Promise<void> {
    try {
      await this.#parts.disks.setSpeed(this.#operation.disk, bandwidth);
    } catch (error) {
      if (error instanceof ProblemError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new ProblemError('failed', problem('SPEED_REFUSED', { reason }), { cause: error });
    }
  }

  /** Ends an operation that nobody foresaw could not go on. A job that QEMU runs is left to it, and seen on the disk. */
  async breakOff(error: unknown): Promise<void> {
    const reason = error instanceof Error ? error.message : String(error);
    await this.write({ kind: 'ended', state: 'failed', problem: problem('UNEXPECTED', { reason }) });
  }

  /** One after the other, and nothing after the end. Throws `OPERATION_OVER`. */
  write(event: JournalEvent): Promise<void> {
    const turn = this.#writing.then(() => this.#append(event));
    this.#writing = turn.catch(() => undefined);
    return turn;
  }

  async #append(event: JournalEvent): Promise<void> {
    const { id } = this.#operation;
    if (isOver(this.#operation)) throw new ProblemError('conflict', problem('OPERATION_OVER', { id }));
    const entry = await this.#parts.journal.append(id, event, this.#parts.clock());
    this.#operation = applied(this.#operation, entry);
    this.#parts.changed(this.#operation, entry);
  }

  /** Brings the operation to its end. Resolves early only after `stop`. */
  async drive(): Promise<void> {
    const { startedAt, state } = this.#operation;
    if (startedAt !== null) await this.#remember();
    else if (state === 'cancelling') return this.write({ kind: 'ended', state: 'cancelled', problem: null });
    else await this.write({ kind: 'started' });
    for (const [i, step] of this.#operation.plan.steps.entries()) {
      if (this.#operation.steps[i]?.state === 'done') continue;
      const outcome = await this.#pull(i, step);
      if (outcome === null) return;
      if (outcome.state !== 'succeeded') return this.#end(i, outcome);
    }
    await this.write({ kind: 'ended', state: 'succeeded', problem: null });
  }

  async #end(step: number, outcome: Outcome): Promise<void> {
    if (outcome.problem !== null) await this.write({ kind: 'step-failed', step, problem: outcome.problem });
    await this.write({ kind: 'ended', ...outcome });
  }

  /** What an earlier process wrote down. */
  async #remember(): Promise<void> {
    for (const { event } of await this.#parts.journal.entries(this.#operation.id)) {
      if (event.kind === 'step-intended') this.#allocatedBefore = event.allocatedBefore;
      if (event.kind === 'step-running') this.#seen = true;
    }
  }

  /** `null` when told to stop. */
  async #pull(index: number, step: Step): Promise<Outcome | null> {
    const { disks, hosts, clock } = this.#parts;
    const { disk: ref, plan } = this.#operation;
    let aborting = false;
    let failedLooks = 0;
    while (!this.#stopped) {
      try {
        const { guest, disk } = await this.#asked(disks.lookAtDisk(ref));
        failedLooks = 0;
        if (disk.job === null) this.#goneSince ??= clock();
        else this.#goneSince = null;
        this.#reason = disks.takeReason(ref) ?? this.#reason;
        const verdict = judgePull(plan, guest, disk, {
          intended: this.#operation.steps[index]?.state === 'running',
          seen: this.#seen,
          cancelling: this.#operation.state === 'cancelling',
          ending: this.#ending,
          reason: this.#reason,
          settled: this.#goneSince !== null && clock() - this.#goneSince >= SETTLE_MS,
        });
        const active = disk.chain === null ? null : activeOf(disk.chain);
        switch (verdict.do) {
          case 'done':
            await this.write({ kind: 'step-done', step: index, copied: await this.#copied(active) });
            return { state: 'succeeded', problem: null };
          case 'cancel':
            return { state: 'cancelled', problem: null };
          case 'fail':
            return { state: 'failed', problem: verdict.problem };
          case 'settle':
            await this.#bell.wait(SAMPLE_MS);
            break;
          case 'start': {
            const refused = await this.#start(index, step, disk.chain ?? { images: [] });
            if (refused !== null) return { state: 'failed', problem: refused };
            break;
          }
          case 'watch':
            if (!this.#seen) await this.#sawRunning(index, true);
            if (this.#operation.state === 'cancelling' && !aborting) {
              await this.#asked(disks.abortJob(ref));
              aborting = true;
            }
            await this.#watch(active);
        }
      } catch (error) {
        if (isNotThere(error)) return { state: 'failed', problem: error.problem };
        if (error instanceof AskFailed) {
          if (++failedLooks > MOST_FAILED_LOOKS) throw error.cause;
          await this.#bell.wait(SAMPLE_MS);
          continue;
        }
        if (!hosts.isLost(error)) throw error;
        aborting = false;
        await this.#bell.wait(hosts.host(ref.hostId)?.state === 'connected' ? SAMPLE_MS : null);
      }
    }
    return null;
  }

  /** Answers why libvirt refused, `null` when the job runs. */
  async #start(index: number, step: Step, chain: Chain): Promise<Problem | null> {
    const { disk: ref, plan } = this.#operation;
    const active = activeOf(chain);
    // As libvirt has it now: the index that names an image without a path changes when the guest is started again.
    const base = step.base === null ? null : chain.images[positionOf(chain, step.base)];
    if (base === undefined) return problem('CHAIN_CHANGED');
    this.#allocatedBefore = active === null ? null : await this.#parts.disks.allocatedBy(ref, active);
    const [call = ''] = plan.commands;
    await this.write({ kind: 'step-intended', step: index, call, allocatedBefore: this.#allocatedBefore });
    // What is still known of an earlier job on this disk says nothing about this one.
    this.#parts.disks.takeReason(ref);
    this.#reason = null;
    this.#ending = null;
    const { bandwidth } = this.#operation;
    try {
      await this.#parts.disks.startPull(ref, base, bandwidth);
    } catch (error) {
      if (this.#parts.hosts.isLost(error)) throw error;
      return problem('PULL_REFUSED', { reason: error instanceof Error ? error.message : String(error) });
    }
    await this.#sawRunning(index, false);
    const asked = this.#operation.bandwidth;
    // Asked for while libvirt was starting the job. Where that is over already, the next look tells.
    if (asked !== bandwidth) await this.#parts.disks.setSpeed(ref, asked).catch(this.#throwIfLost);
    return null;
  }

  readonly #throwIfLost = (error: unknown): void => {
    if (this.#parts.hosts.isLost(error)) throw error;
  };

  async #sawRunning(step: number, adopted: boolean): Promise<void> {
    this.#seen = true;
    await this.write({ kind: 'step-running', step, adopted });
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

  /** Samples the job until it is gone or something happened. */
  async #watch(active: Image | null): Promise<void> {
    if (active === null) return;
    const { disks, clock } = this.#parts;
    do {
      const { job, allocated } = await this.#asked(disks.sample(this.#operation.disk, active));
      if (job === null) return;
      const at = clock();
      const copied = this.#growth(allocated);
      if (copied !== null) this.#rate.sample(copied, at);
      this.#parts.progressed({
        operationId: this.#operation.id,
        at,
        position: job.cur,
        size: job.end,
        copied,
        rate: this.#rate.bytesPerSecond,
      });
    } while (!(await this.#bell.wait(SAMPLE_MS)) && !this.#stopped);
  }

  async #copied(active: Image | null): Promise<number | null> {
    return active === null
      ? null
      : this.#growth(await this.#parts.disks.allocatedBy(this.#operation.disk, active));
  }

  #growth(allocated: number | null): number | null {
    if (allocated === null || this.#allocatedBefore === null) return null;
    return Math.max(0, allocated - this.#allocatedBefore);
  }
}

/** The guest, disk or host is no more, so that there is nothing left to look at. */
function isNotThere(error: unknown): error is ProblemError {
  return error instanceof ProblemError && error.kind === 'not-found';
}
