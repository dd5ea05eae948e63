import type { GuestRef } from '../../model/fleet/disk.ts';

/** Up for its disks only, by whatever process, and still paused, or resumed by somebody; up otherwise; or shut off. */
export type StartState = 'paused' | 'resumed' | 'other' | 'off';

/** Guests that are started paused, only for the work on their disks. Each is up until this process or its connection ends. */
export interface PausedStarts {
  /** Throws `SAVED_STATE`, or the host's own error. */
  start(ref: GuestRef): Promise<void>;
  startState(ref: GuestRef): Promise<StartState>;
  /** Whether this process started it, and has been bound to it since. */
  isBound(ref: GuestRef): boolean;
  /** One that is not paused any more is left running. */
  destroy(ref: GuestRef): Promise<void>;
}
