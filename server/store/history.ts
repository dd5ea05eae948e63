import { knownWrites } from '../../model/operation/known-writes.ts';
import type { History } from '../ports/history.ts';
import type { WriteHistory } from '../ports/write-history.ts';
import type { StoredJournal } from './journal.ts';

/** How many operations of a host show how fast it is. */
const REMEMBERED = 40;

/** Earlier operations, as the journal has them. */
export function historyIn(journal: Pick<StoredJournal, 'list'>): Pick<History, 'succeeded'> {
  return {
    succeeded: (hostId) => journal.list({ hostId, state: 'succeeded', over: true, limit: REMEMBERED }),
  };
}

/** What the journal knows of writes to the images of a guest. */
export function writeHistoryIn(journal: Pick<StoredJournal, 'keeping'>): WriteHistory {
  return { of: async (guest) => (await journal.keeping(guest)).flatMap(knownWrites) };
}
