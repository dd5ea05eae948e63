import type { GuestRef } from '../../model/fleet/disk.ts';
import type { BackingChange } from '../../model/plans/fixes/rewrite-header.ts';
import type { OldImages } from '../../model/plans/undo/relink-refusals.ts';

/** Headers and tables of images on this machine, by their paths. Writes fail while a QEMU has the image open. */
export interface Headers {
  isLocal(ref: GuestRef): boolean;
  /** The backing image as the header names it; `null` for an image that can't be read, or has none. */
  backing(image: string): Promise<{ name: string; format: string | null } | null>;
  inspect(image: string, backing: string): Promise<BackingChange | null>;
  /** An image of the host and all that it is backed by. */
  lead(ref: GuestRef, image: string, format: string): Promise<OldImages>;
  rewrite(image: string, backing: { name: string; format: string }): Promise<void>;
  /** `null` where it could not be checked. */
  check(image: string): Promise<{ leaks: number; errors: number } | null>;
  repairLeaks(image: string): Promise<void>;
}
