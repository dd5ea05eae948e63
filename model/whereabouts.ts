/** Where a guest that migrates is, as one host has it. */
export type Presence =
  /** It runs there, or somebody paused it there. */
  | 'here'
  /** Held still by a migration on its way out, or waiting for one that comes in. */
  | 'moving'
  /** Defined there, and does not run. */
  | 'stopped'
  | 'gone';

/** What a host knows of an image that another host knows too. */
export type Sameness = 'same' | 'different' | 'missing' | 'unknown';
