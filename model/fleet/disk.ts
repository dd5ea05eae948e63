import type { Problem } from '../problem.ts';
import type { BlockJob } from './block-job.ts';
import type { Chain } from './chain.ts';

/** Names a guest in the fleet. */
export interface GuestRef {
  readonly hostId: string;
  readonly uuid: string;
}

/** Names a disk in the fleet by its target, such as `vda`. */
export interface DiskRef extends GuestRef {
  readonly target: string;
}

/** A disk of a guest, with its chain as libvirt reports it. */
export interface Disk {
  readonly target: string;
  readonly device: 'disk' | 'cdrom' | 'floppy' | 'lun';
  readonly readOnly: boolean;
  /** Whether `discard='unmap'` gives the room of zeros back to the file system; `null` if QEMU may do otherwise. */
  readonly discards: boolean | null;
  /** `null` for an empty drive, and if the chain could not be read (then `problem` says why). */
  readonly chain: Chain | null;
  readonly problem: Problem | null;
  readonly job: BlockJob | null;
}

export function sameDisk(a: DiskRef, b: DiskRef): boolean {
  return a.hostId === b.hostId && a.uuid === b.uuid && a.target === b.target;
}
