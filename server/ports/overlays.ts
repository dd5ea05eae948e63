import type { OverlayStep } from '../../model/plans/migrate/overlay-step.ts';

/** An empty qcow2 image over another one, at a path where nothing is before. */
export type NewOverlay = Pick<OverlayStep, 'file' | 'backing' | 'virtualSize'>;

/** What is where an overlay was to be made. `untouched`: just as it was made, nothing written into it. */
export type OverlayState = 'none' | 'untouched' | 'other';

/** Overlays on hosts whose files can be reached only through their storage pools. */
export interface Overlays {
  make(hostId: string, overlay: NewOverlay): Promise<void>;
  stateOf(hostId: string, overlay: NewOverlay): Promise<OverlayState>;
  /** Throws `OVERLAY_TOUCHED`. One that is already gone is no error. */
  remove(hostId: string, overlay: NewOverlay): Promise<void>;
}
