/** Where a guest that migrates is, as one host has it. */
export type GuestLocation =
  /** It runs there, or somebody paused it there. */
  | 'here'
  /** Held still by a migration on its way out, or waiting for one that comes in. */
  | 'moving'
  /** Defined there, and does not run. */
  | 'stopped'
  | 'gone';

/** What two hosts say of one image. */
export type ImageIdentity = 'same' | 'different' | 'missing' | 'unknown';

/** An image of a chain that another host reads too. */
export interface SharedImage {
  /** Its key on the guest's host. */
  readonly here: string;
  /** Its key on the other host. */
  readonly there: string;
  readonly imageIdentity: ImageIdentity;
}
