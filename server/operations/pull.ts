import { activeOf, type Chain, positionOf } from '../../model/chain.ts';
import { commandsOf } from '../../model/commands.ts';
import type { Image } from '../../model/image.ts';
import type { JournalEntry, Progress } from '../../model/operation.ts';
import type { Step } from '../../model/plan.ts';
import { type Problem, ProblemError, problem } from '../../model/problem.ts';
import { Bell } from './bell.ts';
import type { LoggedOperation } from './logged-operation.ts';
import type { Clock, Disks, Hosts, JobEnding } from './ports.ts';
import { judgePull } from './pull-step.ts';
import { Rate } from './rate.ts';

export interface PullParts {
  readonly disks: Disks;
  readonly hosts: Hosts;
  readonly clock: Clock;
  progressed(progress: Progress): void;
}

export type Outcome =
  | { readonly state: 'succeeded' | 'cancelled'; readonly problem: null }
  | { readonly state: 'failed'; readonly problem: Problem };

/** How often a running job is sampled, however many browsers look on. */
const SAMPLE_MS = 500;
/** How long an event may lag behind the job that it is about. */
const SETTLE_MS = 3000;
/** As many looks in a row may fail: QEMU may end in the middle of one, and the next look tells that it did. */
const MOST_FAILED_LOOKS = 5;

class AskFailed extends Error {}

/** One pull on its way: look at what libvirt has, decide, act, look again. */
export class Pull {
  readonly #logged: LoggedOperation;
  readonly #index: number;
  readonly #step: Step;
  readonly #parts: PullParts;
  readonly #bell = new Bell();
  readonly #rate = new Rate();
  #allocatedBefore: number | null = null;
  #seen = false;
  #ending: JobEnding | null = null;
  #reason: string | null = null;
  #goneSince: number | null = null;
  #aborting = false;
  #stopped = false;

  /** @param past what was written of this step before, by this process or an earlier one */
  constructor(
    logged: LoggedOperation,
    index: number,
    step: Step,
    past: readonly JournalEntry[],
    parts: PullParts,
  ) {
    this.#logged = logged;
    this.#index = index;
    this.#step = step;
    this.#parts = parts;
    for (const { event } of past) {
      if (event.kind === 'step-intended' && event.step === index)
        this.#allocatedBefore = event.allocatedBefore;
      if (event.kind === 'step-running' && event.step === index) this.#seen = true;
    }
  }

  /** Whether there is, or was, a job that takes a speed. */
  get seen(): boolean {
    return this.#seen;
  }

  /** Something about this disk or its host happened. */
  wake(ending: JobEnding | null = null): void {
    if (ending !== null) this.#ending = ending;
    this.#bell.ring();
  }

  stop(): void {
    this.#stopped = true;
    this.#bell.ring();
  }

  /** Brings the pull to its end; `null` when told to stop. Throws what nobody foresaw. */
  async run(): Promise<Outcome | null> {
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
          if (++failedLooks > MOST_FAILED_LOOKS) throw error.cause;
          await this.#bell.wait(SAMPLE_MS);
        } else if (hosts.isLost(error)) {
          this.#aborting = false;
          const { hostId } = this.#logged.now.disk;
          await this.#bell.wait(hosts.host(hostId)?.state === 'connected' ? SAMPLE_MS : null);
        } else throw error;
      }
    }
    return null;
  }

  async #lookAndAct(): Promise<Outcome | null> {
    const { disks, clock } = this.#parts;
    const { disk: ref, plan, steps, state } = this.#logged.now;
    const { guest, disk } = await this.#asked(disks.lookAtDisk(ref));
    if (disk.job === null) this.#goneSince ??= clock();
    else this.#goneSince = null;
    this.#reason = disks.takeReason(ref) ?? this.#reason;
    const verdict = judgePull(plan, guest, disk, {
      intended: steps[this.#index]?.state === 'running',
      seen: this.#seen,
      cancelling: state === 'cancelling',
      ending: this.#ending,
      reason: this.#reason,
      settled: this.#goneSince !== null && clock() - this.#goneSince >= SETTLE_MS,
    });
    const chain = disk.chain ?? { images: [] };
    const active = activeOf(chain);
    switch (verdict.do) {
      case 'done':
        await this.#logged.write({
          kind: 'step-done',
          step: this.#index,
          copied: await this.#copied(active),
        });
        return { state: 'succeeded', problem: null };
      case 'cancel':
        return { state: 'cancelled', problem: null };
      case 'fail':
        return { state: 'failed', problem: verdict.problem };
      case 'settle':
        await this.#bell.wait(SAMPLE_MS);
        return null;
      case 'start': {
        const refused = await this.#start(chain);
        return refused === null ? null : { state: 'failed', problem: refused };
      }
      case 'watch':
        if (!this.#seen) await this.#sawRunning(true);
        await this.#abortIfAsked();
        await this.#watch(active);
        return null;
    }
  }

  /** Answers why libvirt refused, `null` when the job runs. */
  async #start(chain: Chain): Promise<Problem | null> {
    const { disks, hosts } = this.#parts;
    const { disk: ref, plan } = this.#logged.now;
    const active = activeOf(chain);
    // As libvirt has it now: the index that names an image without a path changes when the guest is started again.
    const toward = this.#step.base;
    const base = toward === null ? null : chain.images[positionOf(chain, toward)];
    if (base === undefined) return problem('CHAIN_CHANGED');
    this.#allocatedBefore = active === null ? null : await disks.allocatedBy(ref, active);
    const { bandwidth } = this.#logged.now;
    const call = commandsOf(plan, bandwidth)[this.#index] ?? '';
    const intent = { step: this.#index, call, allocatedBefore: this.#allocatedBefore };
    await this.#logged.write({ kind: 'step-intended', ...intent });
    // What is still known of an earlier job on this disk says nothing about this one.
    disks.takeReason(ref);
    this.#reason = null;
    this.#ending = null;
    try {
      await disks.startPull(ref, base, bandwidth);
    } catch (error) {
      if (hosts.isLost(error)) throw error;
      return problem('PULL_REFUSED', { reason: error instanceof Error ? error.message : String(error) });
    }
    await this.#sawRunning(false);
    const asked = this.#logged.now.bandwidth;
    if (asked !== bandwidth) {
      // Asked for while libvirt was starting the job. Where that is over already, the next look tells.
      await disks.setSpeed(ref, asked).catch((error: unknown) => {
        if (hosts.isLost(error)) throw error;
      });
    }
    return null;
  }

  async #sawRunning(adopted: boolean): Promise<void> {
    this.#seen = true;
    await this.#logged.write({ kind: 'step-running', step: this.#index, adopted });
  }

  async #abortIfAsked(): Promise<void> {
    const { disk, state } = this.#logged.now;
    if (state !== 'cancelling' || this.#aborting) return;
    await this.#asked(this.#parts.disks.abortJob(disk));
    this.#aborting = true;
  }

  /** Samples the job until it is gone or something happened. */
  async #watch(active: Image | null): Promise<void> {
    if (active === null) return;
    const { disks, clock } = this.#parts;
    const { id, disk } = this.#logged.now;
    do {
      const { job, allocated } = await this.#asked(disks.sample(disk, active));
      if (job === null) return;
      const at = clock();
      const copied = this.#growth(allocated);
      if (copied !== null) this.#rate.sample(copied, at);
      const rate = this.#rate.bytesPerSecond;
      this.#parts.progressed({ operationId: id, at, position: job.cur, size: job.end, copied, rate });
    } while (!(await this.#bell.wait(SAMPLE_MS)) && !this.#stopped);
  }

  async #copied(active: Image | null): Promise<number | null> {
    if (active === null) return null;
    return this.#growth(await this.#parts.disks.allocatedBy(this.#logged.now.disk, active));
  }

  #growth(allocated: number | null): number | null {
    if (allocated === null || this.#allocatedBefore === null) return null;
    return Math.max(0, allocated - this.#allocatedBefore);
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
