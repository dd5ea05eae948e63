import { type Recorded, type RecordState, recordStates } from '../fleet/record-state.ts';
import { type Problem, problem } from '../problem.ts';

/** States of snapshots that read what they froze, as far as is known. */
const READS_THE_SAME: ReadonlySet<RecordState> = new Set(['good', 'branch', 'detached']);

/** Names of the snapshots that read what they froze, as far as is known. */
export function intactSnapshots(guest: Recorded): readonly string[] {
  if (guest.reverts === null) return [];
  return [...recordStates(guest)].flatMap(([name, state]) => (READS_THE_SAME.has(state) ? [name] : []));
}

/**
 * Why an image must not be written now by a plan after which these snapshots count as kept: somebody wrote something that one of
 * them needs, which our own write would hide.
 */
export function hiddenWrites(guest: Recorded, kept: readonly string[] = []): Problem | null {
  const intact = new Set(intactSnapshots(guest));
  return kept.every((name) => intact.has(name)) ? null : problem('CHAIN_CHANGED');
}
