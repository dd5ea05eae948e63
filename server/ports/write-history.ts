import type { GuestRef } from '../../model/fleet/disk.ts';
import type { KnownWrite } from '../../model/fleet/known-write.ts';

/** What the journal knows of writes to the images of a guest. */
export interface WriteHistory {
  of(guest: GuestRef): Promise<readonly KnownWrite[]>;
}
