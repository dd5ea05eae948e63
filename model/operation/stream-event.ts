import type { GuestRef } from '../fleet/disk.ts';
import type { Guest } from '../fleet/guest.ts';
import type { Host } from '../fleet/host.ts';
import type { JournalEntry, Operation, Progress } from './operation.ts';

/** What the server sends to every browser. */
export type StreamEvent =
  /** The first event of every connection. A browser with another revision loads the fleet again. */
  | { readonly kind: 'hello'; readonly revision: string }
  | { readonly kind: 'host'; readonly host: Host }
  | { readonly kind: 'host-removed'; readonly hostId: string }
  | { readonly kind: 'guest'; readonly guest: Guest }
  | { readonly kind: 'guest-gone'; readonly guest: GuestRef }
  | OperationEvent
  | { readonly kind: 'progress'; readonly progress: Progress };

/** The present state of an operation. */
export interface OperationEvent {
  readonly kind: 'operation';
  readonly operation: Operation;
  /** Id of the newest entry in its journal. */
  readonly newest: number;
  /** The newest entry; `null` in a replay, where it may not be the only new one. */
  readonly added: AddedEntry | null;
}

/** An entry of an operation's journal, and where it belongs. */
export interface AddedEntry {
  readonly entry: JournalEntry;
  /** Id of the entry before it in the same journal, 0 for the first; `null` if the server has not read that one. */
  readonly previous: number | null;
}
