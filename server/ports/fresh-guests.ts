import type { Disk, DiskRef, GuestRef } from '../../model/fleet/disk.ts';
import type { Guest } from '../../model/fleet/guest.ts';

/** Guests as libvirt has them now. Throws a `ProblemError` where there is no such guest or disk, or its host is lost. */
export interface FreshGuests {
  guest(ref: GuestRef): Promise<Guest>;
  disk(ref: DiskRef): Promise<{ guest: Guest; disk: Disk }>;
}
