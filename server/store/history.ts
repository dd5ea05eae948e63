import type { History } from '../ports/history.ts';
import type { StoredJournal } from './journal.ts';

/** As many operations of a host as show how fast it is. */
const REMEMBERED = 40;

/** What was done before, as the journal has it. */
export function historyIn(journal: Pick<StoredJournal, 'list'>): History {
  return {
    succeeded: (hostId) => journal.list({ hostId, state: 'succeeded', over: true, limit: REMEMBERED }),
  };
}
