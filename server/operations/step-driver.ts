import type { JobWork } from '../../model/cost/eta.ts';
import type { FreeSpace } from '../../model/fleet/free-space.ts';
import type { MemoryProgress, StepStatus } from '../../model/operation/operation.ts';
import type { Problem } from '../../model/problem.ts';
import type { StepMemory, Verdict } from './verdict.ts';

/** How far running work is. */
export interface Sample {
  /** Bytes, as `Progress` has them. */
  readonly position: number;
  readonly size: number;
  /** Bytes that the image that is written takes on its file system; `null` where nobody can measure them. */
  readonly allocated: number | null;
  /** QEMU's limit, bytes per second, 0 for none; left out where there is no such thing. */
  readonly bandwidth?: number;
  readonly memory?: MemoryProgress;
}

/** What the journal says of a step that is over. */
export interface PastOfStep {
  readonly intended: boolean;
  readonly seen: boolean;
}

/** A call, and the command that has the same effect. */
export interface Call<Result = void> {
  readonly command: string;
  run(): Promise<Result>;
}

/**
 * How one kind of step is judged, started and followed. A driver remembers nothing: its answers come from what libvirt and QEMU
 * have now and from the memory that it is handed, so that a driver in a fresh process answers the same. Calls throw the
 * host's own errors.
 */
export interface StepDriver {
  /** The code of the problem when libvirt refuses `start` or `finish`; `reason` is its parameter. */
  readonly refusedAs: Problem['code'];
  /** What to report where `start` takes long. */
  readonly slow?: Problem;
  judge(memory: StepMemory): Promise<Verdict>;
  /**
   * Resolves when the work is under way, or done where it is one call.
   * @param bandwidth bytes per second, 0 for no limit
   * @param failed called with the reason when the work fails later; the end of a block job is an event, with its reason
   */
  start(bandwidth: number, failed: (reason: string) => void): Promise<void>;
  /** The last, irrevocable call. */
  readonly finish?: Call;
  /** Ends the work where libvirt refused `finish`, since it would run for good; the work is gone when this resolves. */
  readonly giveUp?: Call;
  /** Thaws the guest's file systems. Answers why they may still be frozen, `null` where they are not. */
  readonly thaw?: Call<string | null>;
  /**
   * Makes what was done outlive QEMU; left out where it does so by itself. Answers what is uncertain, `null` where nothing is. It may
   * be called twice.
   */
  readonly flush?: Call<Problem | null>;
  /** Writes to the disk what was done so far, as far as this process may. Called again and again while the work runs. */
  writeback?(): Promise<void>;
  /** Asks for the end of what runs; `judge` sees that it ended. */
  abort?(): Promise<void>;
  /** @param bandwidth bytes per second, 0 for no limit */
  setSpeed?(bandwidth: number): Promise<void>;
  /** `null` when nothing runs any more. */
  sample?(): Promise<Sample | null>;
  /** Whether `position` and `size` of a sample are bytes of work themselves. */
  readonly countsWork?: boolean;
  /** Else what there is to copy, by its place in the disk, as the images are now; `null` if that is unknown. */
  work?(): Promise<JobWork | null>;
  /** Whether the step makes the image that it writes, which takes nothing before. */
  readonly makesImage?: boolean;
  /** Bytes that the image that is written takes; `null` where nobody can measure them. */
  allocated?(): Promise<number | null>;
  /** The free space where it writes, and how many bytes QEMU may still write once it is slowed down to a standstill. */
  readonly freeSpace?: { readonly overrun: number; now(): Promise<FreeSpace | null> };
  /** Whether work that QEMU ended may be begun again, and skips what was copied. */
  readonly isRepeatable?: boolean;
  /**
   * How to remove what the step made and nobody needs when the operation does not succeed; `null` where there is nothing.
   * @param state of the step, as the journal has it
   * @param past whether it was intended, and whether libvirt took it
   */
  leftover?(state: StepStatus['state'], past: PastOfStep): Promise<Call | null>;
}
