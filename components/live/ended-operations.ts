import { isOver, type Operation } from '../../model/operation.ts';

/**
 * Knows which operations end while somebody looks. A resumed stream repeats old ones, and those that were never
 * seen under way are no news.
 */
export class EndedOperations {
  readonly #underWay = new Set<string>();

  /** Whether this operation has just ended. */
  follow(operation: Operation): boolean {
    if (isOver(operation)) return this.#underWay.delete(operation.id);
    this.#underWay.add(operation.id);
    return false;
  }
}
