import type { JournalEntry } from '../../model/operation/operation.ts';

/** What the journal says of a step when a process takes it up. */
export interface StepRecord {
  /** Bytes that the image took before the work; `null` where nobody measured them. */
  readonly allocatedBefore: number | null;
  /** libvirt took the call, or the work was found running. */
  readonly seen: boolean;
  /** When the step was last known to be at work, milliseconds since 1970; `null` where it never was. */
  readonly seenAt: number | null;
  /** The last, irrevocable call was about to be made. */
  readonly finishing: boolean;
  /** A speed was written down, and the process may have ended before it asked libvirt for it. */
  readonly speedInDoubt: boolean;
}

/** @param past entries of the step's operation */
export function recordOf(past: readonly JournalEntry[], index: number): StepRecord {
  let allocatedBefore: number | null = null;
  let [seen, finishing, speedInDoubt] = [false, false, false];
  for (const { event } of past) {
    const isOwn = 'step' in event && event.step === index;
    if (event.kind === 'speed-set') speedInDoubt = true;
    if (event.kind === 'speed-refused') speedInDoubt = false;
    if (event.kind === 'step-intended' && isOwn) {
      allocatedBefore = event.allocatedBefore;
      // The work is started with the speed of that moment.
      speedInDoubt = false;
    }
    if (event.kind === 'step-running' && isOwn) seen = true;
    if (event.kind === 'step-out-of-space' && isOwn) seen = false;
    if (event.kind === 'step-finishing' && isOwn) finishing = true;
  }
  return { allocatedBefore, seen, seenAt: seen ? (past.at(-1)?.at ?? null) : null, finishing, speedInDoubt };
}
