import type { JournalEntry, JournalEvent, Operation } from '../../model/operation/operation.ts';

/** What was intended and what came of it. Entries are only ever appended. */
export interface Journal {
  /**
   * Resolves when all the entries are on disk; either all of them are written or none. `created` begins an operation; every
   * other event needs one that exists. `at` is milliseconds since 1970.
   */
  append(operationId: string, events: readonly JournalEvent[], at: number): Promise<readonly JournalEntry[]>;
  /** Everything about one operation, oldest first. */
  entries(operationId: string): Promise<readonly JournalEntry[]>;
  /** Oldest first: what a fresh process has to take up. */
  unfinished(): Promise<readonly Operation[]>;
}
