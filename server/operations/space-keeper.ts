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
import type { Hosts } from '../ports/hosts.ts';
import type { LoggedOperation } from './logged-operation.ts';
import type { StepAtHand } from './step-at-hand.ts';
import type { Sample, StepDriver } from './step-driver.ts';

/** The least bandwidth that libvirt takes, bytes per second: QEMU stands still with it, see `docs/adr/0017`. */
export const STANDSTILL = 1;
/** How often a room that another host has to tell is looked at, unless it gets tight. This machine's own is with every sample. */
export const LOOK_MS = 2000;

/** Seconds in which what others took counts for half: work does not wake between two of their writes, only to be held again. */
const HALF_LIFE = 2;

/** Seconds over which what others took is spread at least: of two looks close together, one gulp would seem a torrent that takes long to subside. */
const LEAST_SPAN = 0.5;

/** What a step did by now, beside what QEMU says of its job. */
export interface Grown {
  /** Bytes that the image written grew by; `null` where nobody can tell. */
  readonly copied: number | null;
  /** Bytes per second. */
  readonly rate: number | null;
}

/**
 * Sees to it that a step's work stands still, or is cancelled, before the file system that it writes to is full, and that
 * it goes on when there is room again. What it decided is in the journal, and what QEMU has is seen in every sample, so that a
 * fresh process, or a call that went astray, makes no difference.
 */
export class SpaceKeeper {
  readonly #logged: LoggedOperation;
  readonly #index: number;
  readonly #driver: StepDriver;
  readonly #hosts: Hosts;
  #pause: SpacePause | null = null;
  #last: Look | null = null;
  #lookedAt: number | null = null;
  #fastest = 0;
  /** Whether the next sample is to look again. */
  #soon = false;

  /** @param past what was written of this operation before, by this process or an earlier one */
  constructor({ logged, index, driver, hosts }: Omit<StepAtHand, 'clock'>, past: readonly JournalEntry[]) {
    this.#logged = logged;
    this.#index = index;
    this.#driver = driver;
    this.#hosts = hosts;
    for (const { event } of past) {
      if (event.kind === 'step-paused' && event.pause.step === index) this.#pause = event.pause;
      if (event.kind === 'step-resumed' && event.step === index) this.#pause = null;
    }
  }

  /** Whether the step's work is to stand still. */
  get isPaused(): boolean {
    return this.#pause !== null;
  }

  /** Bytes that were free where it writes when that was last looked at; `null` where nobody could tell. */
  get free(): number | null {
    return this.#last?.freeSpace.free ?? null;
  }

  /** Whether there is enough room to begin. @param at milliseconds */
  async mayBegin(at: number): Promise<boolean> {
    const freeSpace = await this.#measured(at);
    if (freeSpace !== null)
      await this.#judge(freeSpace, this.#remaining(0), { copied: 0, rate: 0 }, at, null);
    return !this.isPaused && this.#logged.now.state !== 'cancelling';
  }

  /** After a sample of the running work. @param at milliseconds */
  async mind(sample: Sample, grown: Grown, at: number): Promise<void> {
    const { position, size } = sample;
    const bandwidth = sample.bandwidth ?? null;
    const freeSpace = await this.#measured(at);
    const isPast = size > 0 && position >= size;
    if (freeSpace !== null)
      await this.#judge(freeSpace, isPast ? 0 : this.#remaining(grown.copied), grown, at, bandwidth);
    if (bandwidth === null) return;
    const { bandwidth: asked } = this.#logged.now;
    if (this.#pause !== null ? bandwidth !== STANDSTILL : bandwidth === STANDSTILL && asked !== STANDSTILL) {
      await this.#setSpeed(this.#pause === null ? asked : STANDSTILL);
    }
  }

  /** Lets go: what is about to end must not stand still. */
  async release(): Promise<void> {
    if (this.#pause === null) return;
    await this.#resume(this.#pause.free, true);
    await this.#setSpeed(this.#logged.now.bandwidth);
  }

  async #judge(
    freeSpace: FreeSpace,
    remaining: number,
    grown: Grown,
    at: number,
    bandwidth: number | null,
  ): Promise<void> {
    // What is to be aborted is not to be woken, nor held, any more.
    if (this.#logged.now.state === 'cancelling') return;
    const { copied, rate } = grown;
    const look = lookAfter(this.#last, { freeSpace, copied: copied ?? 0, at });
    const drain: Drain = {
      rate: this.#pace(rate),
      others: look.others,
      remaining,
      overrun: this.#driver.freeSpace?.overrun ?? 0,
    };
    this.#last = look;
    this.#soon = freeSpace.age === undefined || isNear(freeSpace, drain, LOOK_MS / 1000);
    const sparing = this.#logged.now.reserveStep !== this.#index;
    const before = this.#pause;
    // One from before somebody let it take from the reserve waits for too much.
    if (before !== null && (sparing || before.neededWithReserve === null)) {
      const counted = sparing ? freeSpace : withoutReserve(freeSpace);
      if (mayResume(counted, drain, before)) await this.#resume(freeSpace.free, bandwidth !== null);
      return;
    }
    const pause = pauseIn(freeSpace, drain, this.#index, sparing);
    if (pause === null) {
      if (before !== null) await this.#resume(freeSpace.free, bandwidth !== null);
      return;
    }
    if (this.#logged.now.onFull === 'cancel') {
      await this.#logged.write({ kind: 'space-ran-out', pause });
    } else {
      this.#pause = pause;
      const call = bandwidth === null ? null : this.#speedCall(STANDSTILL);
      await this.#logged.write({ kind: 'step-paused', pause, call });
    }
  }

  async #resume(free: number, runs: boolean): Promise<void> {
    const fileSystem = this.#pause?.fileSystem ?? '';
    const call = runs ? this.#speedCall(this.#logged.now.bandwidth) : null;
    await this.#logged.write({ kind: 'step-resumed', step: this.#index, fileSystem, free, call });
    this.#pause = null;
  }

  /** Bytes per second that the work may grow by: its limit, or as fast as it ever was. What it was held up by says nothing of that. */
  #pace(rate: number | null): number {
    this.#fastest = Math.max(this.#fastest, rate ?? 0);
    return this.#logged.now.bandwidth || this.#fastest;
  }

  /** Bytes that may still be written at most. What the guest writes meanwhile is in `copied` too, and may be more than was foretold. */
  #remaining(copied: number | null): number {
    const { plan } = this.#logged.now;
    const cost = stepCost(plan, this.#index);
    const most = cost?.predicted?.most ?? cost?.atMost ?? null;
    if (most === null || copied === null) return Number.POSITIVE_INFINITY;
    return most >= copied ? most - copied : Number.POSITIVE_INFINITY;
  }

  /** The room, where it is time to look; `null` where it is not, or nobody can tell. */
  async #measured(at: number): Promise<FreeSpace | null> {
    if (this.#lookedAt !== null && !this.#soon && at - this.#lookedAt < LOOK_MS) return null;
    this.#lookedAt = at;
    try {
      return (await this.#driver.freeSpace?.now()) ?? null;
    } catch (error) {
      // Work that goes well does not end since its room could not be measured once.
      if (this.#hosts.isLost(error)) throw error;
      return null;
    }
  }

  /** Where it is not taken the job has just ended, or the next sample shows that it does not hold. */
  async #setSpeed(bandwidth: number): Promise<void> {
    await this.#driver.setSpeed?.(bandwidth).catch((error: unknown) => {
      if (this.#hosts.isLost(error)) throw error;
    });
  }

  #speedCall(bandwidth: number): string {
    const { plan } = this.#logged.now;
    const step = plan.steps[this.#index];
    if (step === undefined || !('target' in step)) return '';
    const speed = ['--bytes', '--bandwidth', String(bandwidth)];
    return virshCommand(plan, step, ['blockjob', guestOf(plan).name, step.target, ...speed]);
  }
}

interface Measured {
  readonly freeSpace: FreeSpace;
  readonly copied: number;
  readonly at: number;
}

interface Look extends Measured {
  /** Bytes per second that went without being the work's own. */
  readonly others: number;
}

function lookAfter(before: Look | null, now: Measured): Look {
  if (before === null) return { ...now, others: 0 };
  const seconds = (now.at - before.at) / 1000;
  // A pool that was not looked through since tells the same: all that went would seem to go in the moment after it was.
  if (seconds <= 0 || (now.freeSpace.free === before.freeSpace.free && seconds < (now.freeSpace.age ?? 0)))
    return before;
  const gone = before.freeSpace.free - now.freeSpace.free - (now.copied - before.copied);
  // Who took much a moment ago may do so again; who gave some back has made room.
  const ofLate = now.freeSpace.free > before.freeSpace.free ? 0 : before.others * 2 ** (-seconds / HALF_LIFE);
  return { ...now, others: Math.max(ofLate, gone / Math.max(seconds, LEAST_SPAN)) };
}
