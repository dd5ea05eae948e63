import type { DiskRef } from './guest.ts';
import type { Plan } from './plan.ts';
import type { Problem } from './problem.ts';

export type OperationState = 'queued' | 'running' | 'cancelling' | 'succeeded' | 'failed' | 'cancelled';

/** A plan that was started. Everything in it can be rebuilt from its journal entries, see `applied`. */
export interface Operation {
  readonly id: string;
  readonly disk: DiskRef;
  /** As the guest was called when the operation was asked for. */
  readonly guestName: string;
  readonly hostName: string;
  readonly plan: Plan;
  readonly actor: string;
  readonly state: OperationState;
  readonly steps: readonly StepStatus[];
  /** Bytes per second, 0 for no limit. */
  readonly bandwidth: number;
  readonly problem: Problem | null;
  /** Bytes that the target image grew by; `null` until it ended, or where nobody could tell. */
  readonly copied: number | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

export interface StepStatus {
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
}

/** Where a running block job is. Not in the journal: it is sampled, and only the newest matters. */
export interface Progress {
  readonly operationId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Offset in the virtual disk that the job has passed, bytes. */
  readonly position: number;
  /** Virtual size, bytes; 0 before QEMU knows. */
  readonly size: number;
  /** Bytes that the target image grew by since the start; the guest's own writes are in it. */
  readonly copied: number | null;
  /** Bytes of growth per second, over the last seconds. */
  readonly rate: number | null;
}

export type JournalEvent =
  | { readonly kind: 'created'; readonly operation: Operation }
  | { readonly kind: 'started' }
  /** Written before libvirt is called, with the call in virsh's words. */
  | {
      readonly kind: 'step-intended';
      readonly step: number;
      readonly call: string;
      readonly allocatedBefore: number | null;
    }
  | { readonly kind: 'step-running'; readonly step: number; readonly adopted: boolean }
  | { readonly kind: 'step-done'; readonly step: number; readonly copied: number | null }
  | { readonly kind: 'step-failed'; readonly step: number; readonly problem: Problem }
  | { readonly kind: 'speed-set'; readonly bandwidth: number; readonly actor: string }
  | { readonly kind: 'cancel-asked'; readonly actor: string }
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
    case 'step-intended':
    case 'step-running':
      return withStep(before, event.step, 'running');
    case 'step-done':
      return { ...withStep(before, event.step, 'done'), copied: event.copied ?? before.copied };
    case 'step-failed':
      return withStep(before, event.step, 'failed');
    case 'speed-set':
      return { ...before, bandwidth: event.bandwidth };
    case 'cancel-asked':
      return { ...before, state: 'cancelling' };
    case 'ended':
      return { ...before, state: event.state, problem: event.problem, endedAt: at };
  }
}

function withStep(operation: Operation, step: number, state: StepStatus['state']): Operation {
  return { ...operation, steps: operation.steps.map((status, i) => (i === step ? { state } : status)) };
}
