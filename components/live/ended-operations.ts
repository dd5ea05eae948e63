import { isOver, type Operation } from '../../model/operation/operation.ts';

/** So many ends are remembered, for answers to a start that come after them. */
const REMEMBERED = 50;

/**
 * Knows which operations end while somebody looks. A resumed stream repeats old ones, and those that were never
 * seen under way are no news, unless they were started here.
 */
export class EndedOperations {
  readonly #underWay = new Set<string>();
  /** Those that are over, and whether that was news; the newest last. */
  readonly #over = new Map<string, { readonly operation: Operation; readonly told: boolean }>();

  /** Whether this operation has just ended. */
  follow(operation: Operation): boolean {
    if (!isOver(operation)) {
      this.#underWay.add(operation.id);
      return false;
    }
    const isNews = this.#underWay.delete(operation.id);
    this.#remember(operation, isNews || this.#over.get(operation.id)?.told === true);
    return isNews;
  }

  /** Follows what was started here, as the answer has it. Gives its end where the stream told that before, and it is no news yet. */
  started(operation: Operation): Operation | null {
    const end = this.#over.get(operation.id);
    if (end === undefined) return this.follow(operation) ? operation : null;
    if (end.told) return null;
    this.#remember(end.operation, true);
    return end.operation;
  }

  #remember(operation: Operation, told: boolean): void {
    this.#over.delete(operation.id);
    this.#over.set(operation.id, { operation, told });
    const [oldest] = this.#over.keys();
    if (this.#over.size > REMEMBERED && oldest !== undefined) this.#over.delete(oldest);
  }
}
