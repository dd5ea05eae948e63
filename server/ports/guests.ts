import type { GuestRef } from '../../model/fleet/disk.ts';

/** What is done to guests as a whole. */
export interface Guests {
  /** Resumes a paused guest; one that runs is no error. Throws the host's own error. */
  resume(ref: GuestRef): Promise<void>;
}
