import type { JournalEntry, Operation } from '../../model/operation/operation.ts';
import type { OperationEvent } from '../../model/operation/stream-event.ts';

/** An operation with its journal, oldest entry first: the answer of `operations.get`. */
export interface OperationDetail {
  readonly operation: Operation;
  readonly entries: readonly JournalEntry[];
}

/**
 * The detail after an event. The entries of an operation follow each other, so an entry that is there already is dropped by its id.
 * `null` where entries are missing before the newest: then the journal has to be read again.
 */
export function detailAfter(
  detail: OperationDetail,
  { operation, newest, added }: OperationEvent,
): OperationDetail | null {
  const known = detail.entries.at(-1)?.id ?? 0;
  if (newest <= known) return detail;
  if (added?.previous !== known) return null;
  return { operation, entries: [...detail.entries, added.entry] };
}
