import {
  applied,
  isOver,
  type JournalEntry,
  type JournalEvent,
  type Operation,
} from '../../model/operation.ts';
import { ProblemError, problem } from '../../model/problem.ts';
import type { Clock, Journal } from './ports.ts';

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

  /** One entry after the other, and none after the end. Throws `OPERATION_OVER`, or what the journal says. */
  write(event: JournalEvent): Promise<void> {
    const turn = this.#writing.then(() => this.#append(event));
    this.#writing = turn.catch(() => undefined);
    return turn;
  }

  async #append(event: JournalEvent): Promise<void> {
    const { id } = this.#now;
    if (isOver(this.#now)) throw new ProblemError('conflict', problem('OPERATION_OVER', { id }));
    const entry = await this.#parts.journal.append(id, event, this.#parts.clock());
    this.#now = applied(this.#now, entry);
    this.#parts.changed(this.#now, entry);
  }
}
