import type { BlockJob } from './block-job.ts';
import type { Chain } from './chain.ts';
import type { Problem } from './problem.ts';
import type { SnapshotRecord } from './snapshot-record.ts';

export type GuestState = 'running' | 'paused' | 'shutoff' | 'crashed' | 'suspended' | 'unknown';

/** Names a guest in the fleet. */
export interface GuestRef {
  readonly hostId: string;
  readonly uuid: string;
}

/** Names a disk in the fleet by its target, such as `vda`. */
export interface DiskRef extends GuestRef {
  readonly target: string;
}

/** A libvirt domain, with its disks in the order of its definition. */
export interface Guest extends GuestRef {
  readonly name: string;
  readonly state: GuestState;
  readonly disks: readonly Disk[];
  readonly records: readonly SnapshotRecord[];
}

export interface Disk {
  readonly target: string;
  readonly device: 'disk' | 'cdrom' | 'floppy' | 'lun';
  readonly readOnly: boolean;
  /** `null` for an empty drive, and where the chain could not be read (then `problem` says why). */
  readonly chain: Chain | null;
  readonly problem: Problem | null;
  readonly job: BlockJob | null;
}

/** Whether QEMU has the guest, so that block jobs can run. */
export function isActive(guest: Guest): boolean {
  return guest.state === 'running' || guest.state === 'paused' || guest.state === 'suspended';
}

export function diskOf(guest: Guest, target: string): Disk | null {
  return guest.disks.find((disk) => disk.target === target) ?? null;
}

export function sameDisk(a: DiskRef, b: DiskRef): boolean {
  return a.hostId === b.hostId && a.uuid === b.uuid && a.target === b.target;
}
