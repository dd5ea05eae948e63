import type { GuestRef } from './disk.ts';
import type { ImageUser } from './sharing.ts';

/** Who refers to one image, by any path. */
export interface ImageUses {
  /** The image's key in the chains of the host. */
  readonly key: string;
  readonly users: readonly ImageUser[];
  readonly records: readonly NamedRecord[];
  /** Paths of image files that name it as their backing image. */
  readonly overlays: readonly string[];
}

export interface NamedRecord extends GuestRef {
  readonly guestName: string;
  readonly record: string;
}
