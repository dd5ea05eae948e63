import type { Guest } from '../../../model/fleet/guest.ts';
import { writtenByUs } from '../../../model/fleet/known-write.ts';
import { recordStates } from '../../../model/fleet/record-state.ts';
import type { WriteHistory } from '../../ports/write-history.ts';

/** The guest with what the journal knows of writes that would otherwise put its snapshots in doubt. It is asked only then. */
export async function withKnownWrites(history: WriteHistory, guest: Guest): Promise<Guest> {
  const { reverts } = guest;
  if (reverts === null) return guest;
  const states = new Set(recordStates(guest).values());
  if (!states.has('written') && !states.has('merged')) return guest;
  const found = writtenByUs(reverts.writtenAt, await history.of(guest));
  return Object.keys(found).length === 0 ? guest : { ...guest, reverts: { ...reverts, writtenByUs: found } };
}
