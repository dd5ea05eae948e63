import type { GuestRef } from '../../model/fleet/disk.ts';

/** What is done to guests as a whole. */
export interface Guests {
  /** Resumes a paused guest; one that runs is no error. Throws the host's own error. */
  resume(ref: GuestRef): Promise<void>;
  /**
   * Ends a guest at once, with everything that it wrote in its images; one that is off is no error. Throws the host's own error
   * where its QEMU does not end in good order: it is not killed then.
   */
  stop(ref: GuestRef): Promise<void>;
}
