import type { OtherJob } from '../kinds/other-job.ts';
import type { Plan } from '../kinds/plan.ts';
import type { Command } from '../plans/command.ts';
import type { Problem } from '../problem.ts';
import type { OnFull, SpacePause } from './pause.ts';

export const OPERATION_STATES = [
  'queued',
  'running',
  'cancelling',
  'succeeded',
  'failed',
  'cancelled',
] as const;

export type OperationState = (typeof OPERATION_STATES)[number];

/** A plan that was started. All of it can be rebuilt from its journal entries, see `applied`. */
export interface Operation {
  readonly id: string;
  readonly hostName: string;
  readonly plan: Plan;
  readonly actor: string;
  readonly state: OperationState;
  readonly steps: readonly StepStatus[];
  /** Bytes per second, 0 for no limit. */
  readonly bandwidth: number;
  /** What to do before the file system that is written to is full; left out in older journals, which pause. */
  readonly onFull?: OnFull;
  /** The free space that it waits for; left out or `null` while it is not paused. */
  readonly paused?: SpacePause | null;
  /** Why the state of its work is unknown; left out or `null` while it is known. */
  readonly unreachable?: Problem | null;
  /** The step that an operator allowed to use the reserve of a file system; left out if there is none. */
  readonly reserveStep?: number;
  /** Whether it was ever paused for space, so that its duration says nothing about its speed. */
  readonly wasPaused?: boolean;
  /**
   * The job on another disk of the guest that its next step waits for; left out or `null` while it waits for none.
   */
  readonly waitsFor?: OtherJob | null;
  readonly problem: Problem | null;
  /** Bytes that the written images grew by; `null` until the operation ended, or if unknown. */
  readonly grownBy: number | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

export interface StepStatus {
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'undone';
  /**
   * When libvirt was last called for it, and when it was done, milliseconds since 1970; left out in older journals.
   */
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** When libvirt was first called for it, if it was called again. */
  readonly firstStartedAt?: number;
  /**
   * When it was last seen running, if its end was not seen: it ended between this time and `endedAt`. Left out
   * otherwise.
   */
  readonly lastSeenAt?: number;
  /** Bytes that the written image grew by, after it is done; `null` if unknown. */
  readonly grownBy?: number | null;
}

/** The progress of a running job. It is not in the journal: it is sampled, and only the newest sample counts. */
export interface Progress {
  readonly operationId: string;
  /** Which step of the plan runs. */
  readonly step: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The job's position, bytes: for a pull, the offset in the virtual disk that it has passed. */
  readonly position: number;
  /** The position at its end, bytes; 0 before QEMU knows it. */
  readonly size: number;
  /** Bytes that the written image grew by since the start, including the guest's own writes. */
  readonly grownBy: number | null;
  /** Growth over the last seconds, bytes per second. */
  readonly rate: number | null;
  /** Progress in bytes of work, from the allocation maps of the images; `null` if unknown. */
  readonly work: WorkDone | null;
  /** The memory of a migration; `null` for other steps. */
  readonly memory: MemoryProgress | null;
  /** Bytes that were free on the file system that it writes to, at the last reading; `null` if unknown. */
  readonly free: number | null;
}

/** How much of a step's work is done. Unlike the job's position, it grows evenly with time. */
export interface WorkDone {
  /** Bytes. */
  readonly done: number;
  readonly total: number;
  /**
   * Recent bytes per second, and milliseconds until it is done; `null` in the first seconds, and while nothing is
   * copied.
   */
  readonly rate: number | null;
  readonly left: number | null;
  /** Whether these bytes are what the speed limit counts, which includes zeros, instead of what is copied. */
  readonly withZeros: boolean;
}

/** What QEMU reports of the memory of a migrating guest. */
export interface MemoryProgress {
  /** Bytes that are still to be sent. */
  readonly remaining: number;
  readonly total: number;
  /** Bytes that the guest changes per second; `null` before QEMU has measured it. */
  readonly dirtyRate: number | null;
  /** Milliseconds that QEMU expects to pause the guest for; `null` before it has an estimate. */
  readonly downtime: number | null;
}

export type JournalEvent =
  | { readonly kind: 'created'; readonly operation: Operation }
  | { readonly kind: 'started' }
  /** The step begins when this job is over. */
  | { readonly kind: 'step-waits'; readonly step: number; readonly waitsFor: OtherJob }
  /** Written before libvirt is called, with the commands that have the same effect. */
  | {
      readonly kind: 'step-intended';
      readonly step: number;
      readonly command: Command;
      readonly allocatedBefore: number | null;
    }
  /** libvirt took the call, or the work was found running. */
  | { readonly kind: 'step-running'; readonly step: number; readonly adopted: boolean }
  /** Written before the call that can't be taken back, such as a pivot. */
  | { readonly kind: 'step-finishing'; readonly step: number; readonly call: string }
  /** Written before work that can't be finished is aborted. */
  | { readonly kind: 'step-given-up'; readonly step: number; readonly call: string }
  /** Written before QEMU is asked to flush the disk. */
  | { readonly kind: 'step-flushing'; readonly step: number; readonly call: string }
  /** Written before the guest's file systems are thawed, which a snapshot may have left frozen. */
  | { readonly kind: 'step-thawing'; readonly step: number; readonly call: string }
  /** Too little space is free: the work pauses until there is more. `call` pauses work that runs. */
  | { readonly kind: 'step-paused'; readonly pause: SpacePause; readonly call: string | null }
  /** There is free space again, or the work is about to end. `free` is in bytes. */
  | {
      readonly kind: 'step-resumed';
      readonly step: number;
      readonly fileSystem: string;
      readonly free: number;
      /** `null` if the work has not begun. */
      readonly call: string | null;
    }
  /** Too little space is free, and the operation was set to be cancelled then. */
  | { readonly kind: 'space-ran-out'; readonly pause: SpacePause }
  /**
   * QEMU ended the work because the file system was full. What was copied stays, and the work begins again when
   * there is space.
   */
  | { readonly kind: 'step-out-of-space'; readonly step: number; readonly problem: Problem }
  /** A warning; the step continues. */
  | { readonly kind: 'step-warned'; readonly step: number; readonly problem: Problem }
  /** `lastSeenAt` as `StepStatus` has it. */
  | {
      readonly kind: 'step-done';
      readonly step: number;
      readonly grownBy: number | null;
      readonly lastSeenAt?: number;
    }
  | {
      readonly kind: 'step-failed';
      readonly step: number;
      readonly problem: Problem;
      readonly lastSeenAt?: number;
    }
  /** Written before the removal of something that a step made and that is no longer needed. */
  | { readonly kind: 'step-undone'; readonly step: number; readonly call: string }
  /** Written before libvirt is called. */
  | { readonly kind: 'speed-set'; readonly bandwidth: number; readonly actor: string }
  /** libvirt refused the limit: what runs keeps `bandwidth`, as before. */
  | { readonly kind: 'speed-refused'; readonly bandwidth: number; readonly problem: Problem }
  | { readonly kind: 'cancel-asked'; readonly actor: string }
  /** An operator resumes a paused step, which may use the reserve of this file system. */
  | {
      readonly kind: 'resume-asked';
      readonly step: number;
      readonly fileSystem: string;
      readonly actor: string;
    }
  | {
      readonly kind: 'ended';
      readonly state: 'succeeded' | 'failed' | 'cancelled';
      readonly problem: Problem | null;
    };

/** One row of the journal. Ids grow, and are the event ids of the stream. */
export interface JournalEntry {
  readonly id: number;
  readonly operationId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly event: JournalEvent;
}

/** The values by which operations can be filtered. */
export interface OperationFacets {
  readonly guests: readonly { readonly uuid: string; readonly name: string }[];
  readonly hostIds: readonly string[];
  readonly actors: readonly string[];
}

export function isOver(operation: Operation): boolean {
  return ['succeeded', 'failed', 'cancelled'].includes(operation.state);
}

/** The operation after one more entry of its journal. `before` is `null` for the first entry. */
export function applied(before: Operation | null, entry: JournalEntry): Operation {
  const { event, at } = entry;
  if (event.kind === 'created') return event.operation;
  if (before === null) throw new Error(`The journal of operation ${entry.operationId} has no beginning`);
  switch (event.kind) {
    case 'started':
      // If the cancel was asked while it was queued, the state stays `cancelling`.
      return { ...before, state: before.state === 'queued' ? 'running' : before.state, startedAt: at };
    case 'step-waits':
      return { ...before, waitsFor: event.waitsFor };
    case 'step-intended':
      return {
        ...withStep(before, event.step, 'running', {
          startedAt: at,
          ...firstCallOf(before.steps[event.step]),
        }),
        waitsFor: null,
      };
    case 'step-warned':
      return {
        ...withStep(before, event.step, 'running'),
        ...(event.problem.code === 'STATE_UNKNOWN' ? { unreachable: event.problem } : {}),
      };
    case 'step-running':
    case 'step-finishing':
    case 'step-given-up':
    case 'step-flushing':
    case 'step-thawing':
    case 'step-out-of-space':
      return { ...withStep(before, event.step, 'running'), unreachable: null };
    case 'step-done':
      return {
        ...withStep(before, event.step, 'done', {
          endedAt: at,
          grownBy: event.grownBy,
          ...lastSeenOf(event),
        }),
        paused: null,
        unreachable: null,
        grownBy: sum(before.grownBy, event.grownBy),
      };
    case 'step-undone':
      return withStep(before, event.step, 'undone');
    case 'step-failed':
      return {
        ...withStep(before, event.step, 'failed', lastSeenOf(event)),
        paused: null,
        waitsFor: null,
        unreachable: null,
      };
    case 'step-paused':
      return { ...before, paused: event.pause, wasPaused: true, waitsFor: null };
    case 'step-resumed':
      return { ...before, paused: null };
    case 'resume-asked':
      return { ...before, reserveStep: event.step };
    case 'speed-set':
    case 'speed-refused':
      return { ...before, bandwidth: event.bandwidth };
    case 'cancel-asked':
    case 'space-ran-out':
      return { ...before, state: 'cancelling', paused: null, waitsFor: null };
    case 'ended':
      return {
        ...before,
        state: event.state,
        paused: null,
        waitsFor: null,
        unreachable: null,
        problem: event.problem,
        endedAt: at,
      };
  }
}

/** When an operation that is over was last seen running, if its end was not seen; `null` otherwise. */
export function lastSeenAt({ steps }: Pick<Operation, 'steps'>): number | null {
  return steps.findLast(({ state }) => state === 'done' || state === 'failed')?.lastSeenAt ?? null;
}

function lastSeenOf(status: Pick<StepStatus, 'lastSeenAt'>): Pick<StepStatus, 'lastSeenAt'> {
  return status.lastSeenAt === undefined ? {} : { lastSeenAt: status.lastSeenAt };
}

function sum(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : a + b;
}

function withStep(
  operation: Operation,
  step: number,
  state: StepStatus['state'],
  facts: Omit<StepStatus, 'state'> = {},
): Operation {
  const steps = operation.steps.map((status, i) => (i === step ? { ...status, ...facts, state } : status));
  return { ...operation, steps };
}

/** Of a step that libvirt is called for again. */
function firstCallOf(step: StepStatus | undefined): Pick<StepStatus, 'firstStartedAt'> {
  const firstStartedAt = step?.firstStartedAt ?? step?.startedAt;
  return firstStartedAt === undefined ? {} : { firstStartedAt };
}
