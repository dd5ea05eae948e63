import type { FreeSpace } from '../../model/fleet/free-space.ts';
import { stepCost } from '../../model/kinds/step-cost.ts';
import type { JournalEntry } from '../../model/operation/operation.ts';
import {
  type Drain,
  isNear,
  mayResume,
  pauseIn,
  type SpacePause,
  withoutReserve,
} from '../../model/operation/pause.ts';
import { virshCommand } from '../../model/plans/command.ts';
import { guestOf } from '../../model/plans/plan.ts';
import { type SpaceTrend, trendAfter } from './space-trend.ts';
import type { StepAtHand } from './step-at-hand.ts';
import type { Sample } from './step-driver.ts';

/** The least bandwidth that libvirt takes, bytes per second: QEMU comes to a standstill with it, see `docs/adr/0017`. */
export const STANDSTILL = 1;
/** How often free space is measured, unless it gets tight, where a question to another host is needed for it. */
export const CHECK_MS = 2000;

/** What a step has written by now, beside what QEMU reports of its job. */
export interface Grown {
  /** Bytes that the image grew by; `null` where nobody can measure them. */
  readonly copied: number | null;
  /** Bytes per second. */
  readonly rate: number | null;
}

/**
 * Pauses a step's work, or cancels it, before the file system that it writes to is full, and resumes it when there is space again.
 * What it decided is in the journal, and every sample has QEMU's present limit, so that a fresh process, or a call that was
 * lost, makes no difference.
 */
export class SpaceKeeper {
  readonly #step: Omit<StepAtHand, 'clock'>;
  #pause: SpacePause | null = null;
  #trend: SpaceTrend | null = null;
  #measuredAt: number | null = null;
  #fastest = 0;
  /** Whether the next sample measures again. */
  #soon = false;

  /** @param past what this process or an earlier one wrote of the operation */
  constructor(step: Omit<StepAtHand, 'clock'>, past: readonly JournalEntry[]) {
    this.#step = step;
    const { index } = step;
    for (const { event } of past) {
      if (event.kind === 'step-paused' && event.pause.step === index) this.#pause = event.pause;
      if (event.kind === 'step-resumed' && event.step === index) this.#pause = null;
    }
  }

  get isPaused(): boolean {
    return this.#pause !== null;
  }

  /** Bytes that were free at the last measurement; `null` where nobody could measure them. */
  get free(): number | null {
    return this.#trend?.freeSpace.free ?? null;
  }

  /** Whether there is enough space to begin. @param at milliseconds since 1970 */
  async mayBegin(at: number): Promise<boolean> {
    const freeSpace = await this.#measured(at);
    if (freeSpace !== null)
      await this.#judge(freeSpace, this.#remaining(0), { copied: 0, rate: 0 }, at, null);
    return !this.isPaused && this.#step.logged.now.state !== 'cancelling';
  }

  /** Pauses or resumes running work. @param at milliseconds since 1970 */
  async check(sample: Sample, grown: Grown, at: number): Promise<void> {
    const { position, size } = sample;
    const bandwidth = sample.bandwidth ?? null;
    const freeSpace = await this.#measured(at);
    const isPast = size > 0 && position >= size;
    if (freeSpace !== null)
      await this.#judge(freeSpace, isPast ? 0 : this.#remaining(grown.copied), grown, at, bandwidth);
    if (bandwidth === null) return;
    const { bandwidth: asked } = this.#step.logged.now;
    if (this.#pause !== null ? bandwidth !== STANDSTILL : bandwidth === STANDSTILL && asked !== STANDSTILL) {
      await this.#setSpeed(this.#pause === null ? asked : STANDSTILL);
    }
  }

  /** Resumes work that is about to end: paused, it never would. */
  async release(): Promise<void> {
    if (this.#pause === null) return;
    await this.#resume(this.#pause.free, true);
    await this.#setSpeed(this.#step.logged.now.bandwidth);
  }

  /** @param bandwidth QEMU's present limit; `null` where no work runs whose speed could be set */
  async #judge(
    freeSpace: FreeSpace,
    remaining: number,
    grown: Grown,
    at: number,
    bandwidth: number | null,
  ): Promise<void> {
    const { logged, index, driver } = this.#step;
    // What is to be aborted is neither paused nor resumed any more.
    if (logged.now.state === 'cancelling') return;
    const { copied, rate } = grown;
    const trend = trendAfter(this.#trend, { freeSpace, copied: copied ?? 0, at });
    const drain: Drain = {
      rate: this.#pace(rate),
      others: trend.others,
      remaining,
      overrun: driver.freeSpace?.overrun ?? 0,
    };
    this.#trend = trend;
    this.#soon = freeSpace.age === undefined || isNear(freeSpace, drain, CHECK_MS / 1000);
    const sparing = logged.now.reserveStep !== index;
    const before = this.#pause;
    // A pause from before somebody allowed the reserve waits for too much.
    if (before !== null && (sparing || before.neededWithReserve === null)) {
      const counted = sparing ? freeSpace : withoutReserve(freeSpace);
      if (mayResume(counted, drain, before)) await this.#resume(freeSpace.free, bandwidth !== null);
      return;
    }
    const pause = pauseIn(freeSpace, drain, index, sparing);
    if (pause === null) {
      if (before !== null) await this.#resume(freeSpace.free, bandwidth !== null);
      return;
    }
    if (logged.now.onFull === 'cancel') {
      await logged.write({ kind: 'space-ran-out', pause });
    } else {
      this.#pause = pause;
      const call = bandwidth === null ? null : this.#speedCall(STANDSTILL);
      await logged.write({ kind: 'step-paused', pause, call });
    }
  }

  async #resume(free: number, runs: boolean): Promise<void> {
    const { logged, index: step } = this.#step;
    const fileSystem = this.#pause?.fileSystem ?? '';
    const call = runs ? this.#speedCall(logged.now.bandwidth) : null;
    await logged.write({ kind: 'step-resumed', step, fileSystem, free, call });
    this.#pause = null;
  }

  /** Bytes per second that the work may grow by: its limit, or the fastest it ever was, since it may only have been slow for a moment. */
  #pace(rate: number | null): number {
    this.#fastest = Math.max(this.#fastest, rate ?? 0);
    return this.#step.logged.now.bandwidth || this.#fastest;
  }

  /** Bytes that may still be written at most. `copied` includes what the guest wrote meanwhile, and may exceed the prediction. */
  #remaining(copied: number | null): number {
    const { logged, index } = this.#step;
    const cost = stepCost(logged.now.plan, index);
    const most = cost?.predicted?.most ?? cost?.atMost ?? null;
    if (most === null || copied === null) return Number.POSITIVE_INFINITY;
    return most >= copied ? most - copied : Number.POSITIVE_INFINITY;
  }

  /** The free space, where it is time to measure it; `null` where it is not, or nobody can. */
  async #measured(at: number): Promise<FreeSpace | null> {
    if (this.#measuredAt !== null && !this.#soon && at - this.#measuredAt < CHECK_MS) return null;
    this.#measuredAt = at;
    try {
      return (await this.#step.driver.freeSpace?.now()) ?? null;
    } catch (error) {
      // Work that goes well does not end because its free space could not be measured once.
      if (this.#step.hosts.isLost(error)) throw error;
      return null;
    }
  }

  /** Where libvirt refuses, the job has just ended, or the next sample shows the limit unchanged and it is set again. */
  async #setSpeed(bandwidth: number): Promise<void> {
    await this.#step.driver.setSpeed?.(bandwidth).catch((error: unknown) => {
      if (this.#step.hosts.isLost(error)) throw error;
    });
  }

  #speedCall(bandwidth: number): string {
    const { logged, index } = this.#step;
    const { plan } = logged.now;
    const step = plan.steps[index];
    if (step === undefined || !('target' in step)) return '';
    const speed = ['--bytes', '--bandwidth', String(bandwidth)];
    return virshCommand(plan, step, ['blockjob', guestOf(plan).name, step.target, ...speed]);
  }
}
