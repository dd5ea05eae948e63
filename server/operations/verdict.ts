import type { Guest } from '../../model/fleet/guest.ts';
import { type OtherJob, otherJob } from '../../model/kinds/other-job.ts';
import type { Problem } from '../../model/problem.ts';
import type { JobEnding } from '../ports/job-end.ts';

/** What is known of a step beside what libvirt has now. */
export interface StepMemory {
  /** The journal says that it was about to be started. */
  readonly intended: boolean;
  /** libvirt said that it started, or it was found running. */
  readonly seen: boolean;
  /** The journal says that its last, irrevocable call was about to be made. */
  readonly finishing: boolean;
  readonly cancelling: boolean;
  /** How the block job ended, where that was reported. */
  readonly ending: JobEnding | null;
  /** Why the work failed, as QEMU or libvirt reported it. */
  readonly reason: string | null;
  /** The verdict was `settle` for so long that an event would have come. */
  readonly settled: boolean;
  /** What libvirt answered to `start` that may have left the guest's file systems frozen; `null` where nothing did. */
  readonly frozen: Problem | null;
  /** What came of thawing them, which is tried once; `null` before that. */
  readonly thaw: { readonly failure: string | null } | null;
}

/** What to do next about a step. */
export type Verdict =
  /** `settle`: wait for what libvirt has not reported yet. `finish`: make the last, irrevocable call. `thaw`: thaw the file systems. */
  | { readonly do: 'start' | 'watch' | 'settle' | 'finish' | 'thaw' | 'done' | 'cancel' }
  /** A job on another disk has to be over first. */
  | { readonly do: 'wait'; readonly beside: OtherJob }
  | { readonly do: 'fail'; readonly problem: Problem };

/** The verdict to start, once no job on another disk of the guest is in the way. */
export function startUnlessOtherJob(guest: Guest, target: string): Verdict {
  const beside = otherJob(guest, [target]);
  return beside === null ? { do: 'start' } : { do: 'wait', beside };
}
export function fail(code: Problem['code'], params: Problem['params'] = {}): Verdict {
  return { do: 'fail', problem: { code, params } };
}
