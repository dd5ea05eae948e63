import {
  applied,
  isOver,
  type JournalEntry,
  type JournalEvent,
  type Operation,
} from '../../model/operation/operation.ts';
import { ProblemError, problem } from '../../model/problem.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';

export interface LogParts {
  readonly journal: Journal;
  readonly clock: Clock;
  changed(operation: Operation, entry: JournalEntry): void;
}

/** An operation that changes only by what was written into its journal. */
export class LoggedOperation {
  readonly #parts: LogParts;
  #now: Operation;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(operation: Operation, parts: LogParts) {
    this.#now = operation;
    this.#parts = parts;
  }

  get now(): Operation {
    return this.#now;
  }

  entries(): Promise<readonly JournalEntry[]> {
    return this.#parts.journal.entries(this.#now.id);
  }

  /** All of these at once, after what was written before, and nothing after the end. Throws `OPERATION_OVER`, or what the journal says. */
  write(...events: readonly JournalEvent[]): Promise<void> {
    const turn = this.#writing.then(() => this.#append(events));
    this.#writing = turn.catch(() => undefined);
    return turn;
  }

  async #append(events: readonly JournalEvent[]): Promise<void> {
    const { id } = this.#now;
    if (isOver(this.#now)) throw new ProblemError('conflict', problem('OPERATION_OVER', { id }));
    for (const entry of await this.#parts.journal.append(id, events, this.#parts.clock())) {
      this.#now = applied(this.#now, entry);
      this.#parts.changed(this.#now, entry);
    }
  }
}
