/** The state of a migrating guest on one host. */
export type GuestLocation =
  /** It runs there, or an operator paused it there. */
  | 'here'
  /** Paused by an outgoing migration, or waiting for an incoming one. */
  | 'moving'
  /** Defined there and not running. */
  | 'stopped'
  | 'gone';

/** Whether two hosts read one image as the same file. */
export type ImageIdentity = 'same' | 'different' | 'missing' | 'unknown';

/** An image of a chain that another host reads too. */
export interface SharedImage {
  /** Its key on the guest's host. */
  readonly here: string;
  /** Its key on the other host. */
  readonly there: string;
  readonly imageIdentity: ImageIdentity;
}
