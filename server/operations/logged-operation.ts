import {
  applied,
  isOver,
  type JournalEntry,
  type JournalEvent,
  type Operation,
} from '../../model/operation/operation.ts';
import type { AddedEntry } from '../../model/operation/stream-event.ts';
import { ProblemError, problem } from '../../model/problem.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';

export interface LogParts {
  readonly journal: Journal;
  readonly clock: Clock;
  changed(operation: Operation, added: AddedEntry): void;
}

/** An operation that changes only by what was written into its journal. */
export class LoggedOperation {
  readonly #parts: LogParts;
  #now: Operation;
  /** Id of the newest entry; `null` where an earlier process wrote it and this one has not read it yet. */
  #newest: number | null = null;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(operation: Operation, parts: LogParts) {
    this.#now = operation;
    this.#parts = parts;
  }

  get now(): Operation {
    return this.#now;
  }

  async entries(): Promise<readonly JournalEntry[]> {
    const entries = await this.#parts.journal.entries(this.#now.id);
    this.#newest ??= entries.at(-1)?.id ?? null;
    return entries;
  }

  /** Writes all of these at once, after what was written before. Throws `OPERATION_OVER`, or the journal's error. */
  write(...events: readonly JournalEvent[]): Promise<void> {
    const turn = this.#writing.then(() => this.#append(events));
    this.#writing = turn.catch(() => undefined);
    return turn;
  }

  async #append(events: readonly JournalEvent[]): Promise<void> {
    const { id } = this.#now;
    if (isOver(this.#now)) throw new ProblemError('conflict', problem('OPERATION_OVER', { id }));
    for (const entry of await this.#parts.journal.append(id, events, this.#parts.clock())) {
      const previous = entry.event.kind === 'created' ? 0 : this.#newest;
      this.#newest = entry.id;
      this.#now = applied(this.#now, entry);
      this.#parts.changed(this.#now, { entry, previous });
    }
  }
}
