import type { GuestRef } from '../../model/fleet/disk.ts';
import { deepestDisk, type Guest } from '../../model/fleet/guest.ts';
import { addressOf } from './params.ts';
import { type View, viewParams } from './view.ts';

/** The page of a guest, or of its disk where a target is given. */
export function guestAddress(
  { hostId, uuid }: GuestRef,
  target: string | null = null,
  view: View = 'graph',
): string {
  const path = ['', 'h', hostId, uuid, ...(target === null ? [] : [target])];
  return addressOf(path.map(encodeURIComponent).join('/'), viewParams(view));
}

/** The page of a guest, open on the disk that people most likely come for. */
export function entryAddress(guest: Guest): string {
  const disk = deepestDisk(guest) ?? guest.disks[0];
  return guestAddress(guest, disk?.target);
}
