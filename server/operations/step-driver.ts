import type { JobWork } from '../../model/cost/eta.ts';
import type { FreeSpace } from '../../model/fleet/free-space.ts';
import type { Guest } from '../../model/fleet/guest.ts';
import { type OtherJob, otherJob } from '../../model/kinds/other-job.ts';
import type { MemoryProgress, StepStatus } from '../../model/operation/operation.ts';
import type { Problem } from '../../model/problem.ts';
import type { JobEnding } from '../ports/job-end.ts';

/** What is known of a step beside what libvirt has now. */
export interface StepMemory {
  /** The journal says that it was about to be started. */
  readonly intended: boolean;
  /** libvirt said that it started, or it was seen running. */
  readonly seen: boolean;
  /** The journal says that its last, irrevocable call was about to be made. */
  readonly finishing: boolean;
  readonly cancelling: boolean;
  /** The job's end, where its event came. */
  readonly ending: JobEnding | null;
  /** Why the work failed, in QEMU's or libvirt's words. */
  readonly reason: string | null;
  /** It was `settle` for so long that an event would have come. */
  readonly settled: boolean;
}

export type Verdict =
  /** `settle`: wait for what libvirt has not told yet. `finish`: make the last, irrevocable call. */
  | { readonly do: 'start' | 'watch' | 'settle' | 'finish' | 'done' | 'cancel' }
  /** A job on another disk has to be over first. */
  | { readonly do: 'wait'; readonly beside: OtherJob }
  | { readonly do: 'fail'; readonly problem: Problem };

/** Where work that runs is. */
export interface Sample {
  /** Bytes, as `Progress` has them. */
  readonly position: number;
  readonly size: number;
  /** What the image that is written takes on its file system, bytes; `null` where nobody can tell. */
  readonly allocated: number | null;
  /** What QEMU keeps to, bytes per second, 0 for no limit; left out where there is no such thing. */
  readonly bandwidth?: number;
  readonly memory?: MemoryProgress;
}

/**
 * How one kind of step is seen, started and followed. A driver remembers nothing: what it says comes from what libvirt
 * and QEMU have now and from the memory that it is handed, so that one in a fresh process says the same. Calls throw
 * the host's own errors.
 */
export interface StepDriver {
  /** The code of the problem when libvirt refuses `start` or `finish`; `reason` is its parameter. */
  readonly refusedAs: Problem['code'];
  /** What to tell where `start` takes long. */
  readonly slow?: Problem;
  judge(memory: StepMemory): Promise<Verdict>;
  /**
   * Resolves when the work is under way, or done where it is one call.
   * @param bandwidth bytes per second, 0 for no limit
   * @param failed called with the reason when the work fails later; the end of a block job is an event, with its reason
   */
  start(bandwidth: number, failed: (reason: string) => void): Promise<void>;
  /** What `finish` does by hand. */
  readonly finishCommand?: string;
  finish?(): Promise<void>;
  /** What `giveUp` does by hand. */
  readonly giveUpCommand?: string;
  /** Where libvirt refused `finish`, the work would go on for good: it is called off, and gone when this resolves. */
  giveUp?(): Promise<void>;
  /** What `flush` does by hand. */
  readonly flushCommand?: string;
  /** Makes what was done outlive QEMU. Answers what is in doubt, `null` where nothing is. It may be asked for twice. */
  flush?(): Promise<Problem | null>;
  /** Has what was done so far brought to the disk, as far as this process may. Called again and again while it runs. */
  writeback?(): Promise<void>;
  /** Asks for the end of what runs; that it ended is for `judge` to see. */
  abort?(): Promise<void>;
  /** @param bandwidth bytes per second, 0 for no limit */
  setSpeed?(bandwidth: number): Promise<void>;
  /** `null` when nothing runs any more. */
  sample?(): Promise<Sample | null>;
  /** Whether `position` and `size` of a sample are bytes of work themselves. */
  readonly countsWork?: boolean;
  /** Else what there is to copy, by its place in the disk, as the images are now; `null` where nobody can tell. */
  work?(): Promise<JobWork | null>;
  /** Whether the image that is written is made by it, and takes nothing before. */
  readonly makesImage?: boolean;
  /** Bytes that the image that is written takes; `null` where nobody can tell. */
  allocated?(): Promise<number | null>;
  /** Where it writes: the room there now, and how many bytes QEMU may still write once it is slowed down to a standstill. */
  readonly freeSpace?: { readonly overrun: number; now(): Promise<FreeSpace | null> };
  /** Whether work that QEMU ended may be begun again, and passes over what was copied. */
  readonly isRepeatable?: boolean;
  /**
   * What the step made that is of no use when the operation comes to nothing; `null` where there is nothing.
   * @param state of the step, as the journal has it
   * @param seen whether libvirt took it
   */
  leftover?(state: StepStatus['state'], seen: boolean): Promise<Leftover | null>;
}

export interface Leftover {
  /** How it is removed by hand. */
  readonly call: string;
  remove(): Promise<void>;
}

/** The verdict to start, once no job on another disk of the guest is in the way. */
export function startUnlessOtherJob(guest: Guest, target: string): Verdict {
  const beside = otherJob(guest, [target]);
  return beside === null ? { do: 'start' } : { do: 'wait', beside };
}

export function fail(code: Problem['code'], params: Problem['params'] = {}): Verdict {
  return { do: 'fail', problem: { code, params } };
}
