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

/** A plan that was started. Everything in it can be rebuilt from its journal entries, see `applied`. */
export interface Operation {
  readonly id: string;
  readonly hostName: string;
  readonly plan: Plan;
  readonly actor: string;
  readonly state: OperationState;
  readonly steps: readonly StepStatus[];
  /** Bytes per second, 0 for no limit. */
  readonly bandwidth: number;
  /** What is done before a file system that is written to is full; left out in older journals, which pause. */
  readonly onFull?: OnFull;
  /** What room it waits for; left out or `null` while it does not. */
  readonly paused?: SpacePause | null;
  /** Why nobody can tell what its work is at; left out or `null` while somebody can. */
  readonly unreachable?: Problem | null;
  /** The step that may take from the reserve of a file system, since somebody said so; left out if none may. */
  readonly reserveStep?: number;
  /** That it waited for room once, so that how long it took says nothing of its speed. */
  readonly wasPaused?: boolean;
  /** The job on another disk of the guest whose end its next step waits for; left out or `null` while it does not. */
  readonly waitsFor?: OtherJob | null;
  readonly problem: Problem | null;
  /** Bytes that the images written grew by; `null` until it ended, or if unknown. */
  readonly grownBy: number | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

export interface StepStatus {
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'undone';
  /** When libvirt was called for it last, and when it was done, milliseconds since 1970; left out in older journals. */
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** When it was last seen at work, where nobody saw its end: it ended between then and what is called its end. */
  readonly lastSeenAt?: number;
  /** Bytes that the image that it wrote grew by, once it is done; `null` if unknown. */
  readonly grownBy?: number | null;
}

/** Where a running job is. Not in the journal: it is sampled, and only the newest matters. */
export interface Progress {
  readonly operationId: string;
  /** Which step of the plan runs. */
  readonly step: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** How far the job is, bytes: of a pull the offset in the virtual disk that it has passed. */
  readonly position: number;
  /** Where it ends, bytes; 0 before QEMU knows. */
  readonly size: number;
  /** Bytes that the image written grew by since the start; the guest's own writes are in it. */
  readonly grownBy: number | null;
  /** Bytes of growth per second, over the last seconds. */
  readonly rate: number | null;
  /** Bytes of work, as far as the images tell what there is to copy; `null` if unknown. */
  readonly work: WorkDone | null;
  /** Of a migration, what its memory does. */
  readonly memory: MemoryProgress | null;
  /** Bytes that were free where it writes when that was last looked at; `null` if unknown. */
  readonly free: number | null;
}

/** How much of a step's work is done. Unlike the job's position it runs evenly with the time. */
export interface WorkDone {
  /** Bytes. */
  readonly done: number;
  readonly total: number;
  /** Bytes per second of late, and milliseconds until it is done; `null` in the first seconds, and while nothing moves. */
  readonly rate: number | null;
  readonly left: number | null;
  /** Whether these bytes are what the speed limit counts, zeros too, and not what is copied. */
  readonly withZeros: boolean;
}

/** What QEMU says of the memory of a guest that migrates. */
export interface MemoryProgress {
  /** Bytes that are still to be sent. */
  readonly remaining: number;
  readonly total: number;
  /** Bytes that the guest changes per second; `null` before QEMU has measured it. */
  readonly dirtyRate: number | null;
  /** Milliseconds that the guest will stand still, as QEMU expects it; `null` before it can tell. */
  readonly downtime: number | null;
}

export type JournalEvent =
  | { readonly kind: 'created'; readonly operation: Operation }
  | { readonly kind: 'started' }
  /** It begins when this job is over. */
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
  /** Written before work that can't come to its end is called off. */
  | { readonly kind: 'step-given-up'; readonly step: number; readonly call: string }
  /** Written before QEMU is asked to write down what it still holds back. */
  | { readonly kind: 'step-flushing'; readonly step: number; readonly call: string }
  /** There is too little room: work is to stand still, by this call where it runs, until there is more. */
  | { readonly kind: 'step-paused'; readonly pause: SpacePause; readonly call: string | null }
  /** There is room again, or the work is about to end. `free` is in bytes. */
  | {
      readonly kind: 'step-resumed';
      readonly step: number;
      readonly fileSystem: string;
      readonly free: number;
      /** `null` if the work has not begun. */
      readonly call: string | null;
    }
  /** There is too little room, and it was to be cancelled then. */
  | { readonly kind: 'space-ran-out'; readonly pause: SpacePause }
  /** QEMU ended the work for want of room: what was copied stays, and it is begun again when there is some. */
  | { readonly kind: 'step-out-of-space'; readonly step: number; readonly problem: Problem }
  /** It went on, and somebody should know. */
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
  /** Written before something that a step made, and nobody needs any more, is removed. */
  | { readonly kind: 'step-undone'; readonly step: number; readonly call: string }
  /** Written before libvirt is asked for it. */
  | { readonly kind: 'speed-set'; readonly bandwidth: number; readonly actor: string }
  /** libvirt did not take it: what runs goes on at `bandwidth`, as before. */
  | { readonly kind: 'speed-refused'; readonly bandwidth: number; readonly problem: Problem }
  | { readonly kind: 'cancel-asked'; readonly actor: string }
  /** What waits for room is to go on, and to take from the reserve of this place. */
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

/** What the operations that there are can be told apart by. */
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
      // Asked to cancel while it was queued, it stays so.
      return { ...before, state: before.state === 'queued' ? 'running' : before.state, startedAt: at };
    case 'step-waits':
      return { ...before, waitsFor: event.waitsFor };
    case 'step-intended':
      return { ...withStep(before, event.step, 'running', { startedAt: at }), waitsFor: null };
    case 'step-warned':
      return {
        ...withStep(before, event.step, 'running'),
        ...(event.problem.code === 'STATE_UNKNOWN' ? { unreachable: event.problem } : {}),
      };
    case 'step-running':
    case 'step-finishing':
    case 'step-given-up':
    case 'step-flushing':
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

/** When an operation that is over was last seen at work, where nobody saw its end; `null` if somebody did. */
export function lastSeenAt({ steps }: Pick<Operation, 'steps'>): number | null {
  return steps.findLast(({ state }) => state === 'done' || state === 'failed')?.lastSeenAt ?? null;
}

function lastSeenOf({ lastSeenAt }: Pick<StepStatus, 'lastSeenAt'>): Pick<StepStatus, 'lastSeenAt'> {
  return lastSeenAt === undefined ? {} : { lastSeenAt };
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
