import { type Problem, problem } from '../problem.ts';
import type { Checkpoints } from './checkpoint.ts';
import type { Disk, GuestRef } from './disk.ts';
import type { RevertBasis } from './revert-basis.ts';
import type { SnapshotRecord } from './snapshot-record.ts';

export type GuestState = 'running' | 'paused' | 'shutoff' | 'crashed' | 'suspended' | 'unknown';

/** The failed write or read for which QEMU paused a guest. The guest repeats it when it is resumed. */
export interface IoError {
  /** The disks that it happened on, as far as QEMU reports them. */
  readonly disks: readonly { readonly target: string; readonly error: 'no-space' | 'other' }[];
}

/** A guest with its name. */
export interface GuestName extends GuestRef {
  readonly name: string;
}

/** A libvirt domain, with its disks in the order of its definition. */
export interface Guest extends GuestName {
  readonly state: GuestState;
  /** Machine type, such as `pc-q35-7.2`: the version of QEMU that the guest has at least; `null` if unknown. */
  readonly machine: string | null;
  /** The security models that confine its QEMU beside the owners and modes of files, such as `apparmor`; `null` if unknown. */
  readonly confinedBy: readonly string[] | null;
  /** `null` unless it is paused for an I/O error. */
  readonly ioError: IoError | null;
  readonly disks: readonly Disk[];
  /** Why its disks are not known, so that it may use any image; `null` if they are. */
  readonly unread: Problem | null;
  readonly records: readonly SnapshotRecord[];
  /** `null` where libvirt can't revert to an external snapshot. */
  readonly reverts: RevertBasis | null;
  readonly checkpoints: Checkpoints;
}

/** Whether QEMU has the guest, so that block jobs can run. */
export function isActive(guest: Guest): boolean {
  return guest.state === 'running' || guest.state === 'paused' || guest.state === 'suspended';
}

/** Whether a full file system is the only reason why the guest is paused. */
export function lacksSpace({ disks }: IoError): boolean {
  return disks.length > 0 && disks.every(({ error }) => error === 'no-space');
}

/** A guest that does not answer, as it was last known. */
export function asSilent(guest: Guest): Guest {
  const silence = problem('GUEST_SILENT', { guest: guest.name });
  return { ...guest, disks: guest.disks.map((disk) => ({ ...disk, problem: disk.problem ?? silence })) };
}

/** The disk with the deepest chain, the first of several; `null` if no chain is known. */
export function deepestDisk({ disks }: Guest): Disk | null {
  const depth = (disk: Disk | null) => disk?.chain?.images.length ?? 0;
  return disks.reduce<Disk | null>((deepest, disk) => (depth(disk) > depth(deepest) ? disk : deepest), null);
}

export function diskOf(guest: Guest, target: string): Disk | null {
  return guest.disks.find((disk) => disk.target === target) ?? null;
}
