import {
  applied,
  isOver,
  type JournalEntry,
  type JournalEvent,
  type Operation,
} from '../../../model/operation/operation.ts';
import type { Journal } from '../../ports/journal.ts';

/** A journal in memory. Like the real one it answers later, and in the order of the calls. */
export class MemoryJournal implements Journal {
  readonly all: JournalEntry[] = [];
  /** What the next appends throw. */
  broken: Error | null = null;
  readonly #operations = new Map<string, Operation>();

  async append(
    operationId: string,
    events: readonly JournalEvent[],
    at: number,
  ): Promise<readonly JournalEntry[]> {
    await Promise.resolve();
    if (this.broken !== null) throw this.broken;
    return events.map((event) => {
      const entry = { id: this.all.length + 1, operationId, event, at };
      this.#operations.set(operationId, applied(this.#operations.get(operationId) ?? null, entry));
      this.all.push(entry);
      return entry;
    });
  }

  async entries(operationId: string): Promise<readonly JournalEntry[]> {
    return this.all.filter((entry) => entry.operationId === operationId);
  }

  async unfinished(): Promise<readonly Operation[]> {
    return [...this.#operations.values()].filter((operation) => !isOver(operation));
  }

  operation(id: string): Operation {
    const found = this.#operations.get(id);
    if (found === undefined) throw new Error(`No operation ${id}`);
    return found;
  }

  kinds(id: string): string[] {
    return this.all.filter(({ operationId }) => operationId === id).map(({ event }) => event.kind);
  }
}
