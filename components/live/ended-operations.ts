import { isOver, type Operation } from '../../model/operation/operation.ts';

/** So many ends are remembered, for answers to a start that come after them. */
const REMEMBERED = 50;

/**
 * Knows which operations end while this tab is open. A resumed stream repeats old ones, and those that were never
 * seen under way are no news, unless they were started here.
 */
export class EndedOperations {
  readonly #underWay = new Set<string>();
  /** Those that are over, and whether that was news; the newest last. */
  readonly #over = new Map<string, { readonly operation: Operation; readonly announced: boolean }>();

  /** Whether this operation has just ended. */
  follow(operation: Operation): boolean {
    if (!isOver(operation)) {
      this.#underWay.add(operation.id);
      return false;
    }
    const isNews = this.#underWay.delete(operation.id);
    this.#remember(operation, isNews || this.#over.get(operation.id)?.announced === true);
    return isNews;
  }

  /** Follows what was started here, as the answer has it. Returns its end where the stream reported that before, and nobody has announced it. */
  started(operation: Operation): Operation | null {
    const end = this.#over.get(operation.id);
    if (end === undefined) return this.follow(operation) ? operation : null;
    if (end.announced) return null;
    this.#remember(end.operation, true);
    return end.operation;
  }

  #remember(operation: Operation, announced: boolean): void {
    this.#over.delete(operation.id);
    this.#over.set(operation.id, { operation, announced });
    const [oldest] = this.#over.keys();
    if (this.#over.size > REMEMBERED && oldest !== undefined) this.#over.delete(oldest);
  }
}
