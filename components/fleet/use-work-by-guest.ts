import { useUnfinishedOperations } from '../live/use-operations.ts';
import { foremost, type ShownState, useShownState } from '../operations/shown-state.ts';

/** The state of the operations under way, by the id of their guest's row. */
export function useWorkByGuest(): ReadonlyMap<string, ShownState | null> {
  const shown = useShownState();
  const ofGuests = useUnfinishedOperations().flatMap((operation) => {
    const { guest } = operation.plan;
    return guest === null ? [] : [{ id: `${guest.hostId}/${guest.uuid}`, state: shown(operation) }];
  });
  const byGuest = Map.groupBy(ofGuests, ({ id }) => id);
  return new Map([...byGuest].map(([id, all]) => [id, foremost(all.map(({ state }) => state))]));
}
