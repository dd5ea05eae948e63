import type { Operation } from '../../model/operation/operation.ts';

/** Asks for the operations that are not over: what the drawer shows. */
export const UNFINISHED = { over: false, limit: 500 } as const;

/** Operations as the drawer lists them: the one that waits longest for its turn comes first. */
export function oldestFirst<O extends Pick<Operation, 'id' | 'createdAt'>>(
  operations: readonly O[],
): readonly O[] {
  return operations.toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
}
