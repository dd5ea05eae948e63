import type { Disk } from '../../model/fleet/disk.ts';
import { deepestDisk, type Guest } from '../../model/fleet/guest.ts';
import { isLost, RECORD_STATES, type RecordState, recordStates } from '../../model/fleet/record-state.ts';

/** What a list says about a guest. */
export interface GuestFigures {
  /** The disk with the deepest chain, `null` where no chain is known. */
  readonly deepest: Disk | null;
  /** Images in the deepest chain. */
  readonly depth: number;
  /** Bytes allocated by all its images, each counted once; `null` where nothing is known. */
  readonly bytes: number | null;
  /** Whether the size of some image is unknown, so that `bytes` is a lower bound. */
  readonly partial: boolean;
  /** How many snapshots are lost, by state. */
  readonly lost: readonly { readonly state: RecordState; readonly count: number }[];
}

const known = new WeakMap<Guest, GuestFigures>();

/** A guest never changes, so its figures are reckoned once. */
export function guestFigures(guest: Guest): GuestFigures {
  const before = known.get(guest);
  if (before) return before;
  const figures = reckon(guest);
  known.set(guest, figures);
  return figures;
}

function reckon(guest: Guest): GuestFigures {
  const deepest = deepestDisk(guest);
  const allocated = new Map<string, number>();
  let partial = false;
  for (const disk of guest.disks) {
    for (const image of disk.chain?.images ?? []) {
      if (image.allocated === null) partial = true;
      else allocated.set(image.key, image.allocated);
    }
  }
  return {
    deepest,
    depth: deepest?.chain?.images.length ?? 0,
    bytes: allocated.size === 0 ? null : [...allocated.values()].reduce((sum, bytes) => sum + bytes, 0),
    partial,
    lost: lostIn([...recordStates(guest).values()]),
  };
}

function lostIn(states: readonly RecordState[]): GuestFigures['lost'] {
  return RECORD_STATES.filter(isLost)
    .map((state) => ({ state, count: states.filter((one) => one === state).length }))
    .filter(({ count }) => count > 0);
}
