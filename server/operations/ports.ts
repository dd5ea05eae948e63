import type { ClusterMap } from '../../model/cluster-map.ts';
import type { Disk, DiskRef, Guest, GuestRef } from '../../model/guest.ts';
import type { Host } from '../../model/host.ts';
import type { Image } from '../../model/image.ts';
import type { JournalEntry, JournalEvent, Operation } from '../../model/operation.ts';
import type { ImageUser } from '../../model/sharing.ts';

/** What operations need of the world. `runtime` fills these. */

/** All of them that steps may need. */
export interface Ports {
  readonly disks: Disks;
  readonly hosts: Hosts;
}

export interface Journal {
  /** All or none, durable before it resolves. */
  append(operationId: string, events: readonly JournalEvent[], at: number): Promise<readonly JournalEntry[]>;
  entries(operationId: string): Promise<readonly JournalEntry[]>;
  unfinished(): Promise<readonly Operation[]>;
}

export interface Disks {
  /** The guest as libvirt has it now. Throws a `ProblemError` where it can't be had. */
  look(ref: GuestRef): Promise<Guest>;
  /** The disk as libvirt has it now. Throws a `ProblemError` where it can't be had. */
  lookAtDisk(ref: DiskRef): Promise<{ guest: Guest; disk: Disk }>;
  /** Throws the host's own error. */
  startPull(ref: DiskRef, base: Image | null, bandwidth: number): Promise<void>;
  abortJob(ref: DiskRef): Promise<void>;
  setSpeed(ref: DiskRef, bandwidth: number): Promise<void>;
  sample(ref: DiskRef, active: Image): Promise<{ job: Disk['job']; allocated: number | null }>;
  allocatedBy(ref: DiskRef, active: Image): Promise<number | null>;
  roomAt(ref: GuestRef, image: Image): Promise<number | null>;
  /** What images hold, by image key; those that nobody can look into are left out. */
  mapsOf(ref: GuestRef, images: readonly Image[]): Promise<ReadonlyMap<string, ClusterMap>>;
  /** QEMU's reason for the last failed job of the disk, once. */
  takeReason(ref: DiskRef): string | null;
}

export interface Hosts {
  host(hostId: string): Host | null;
  usersOf(hostId: string): ReadonlyMap<string, readonly ImageUser[]>;
  /** Whether an error means that the host was lost, so that nobody knows whether the call took effect. */
  isLost(error: unknown): boolean;
}

/** How a disk's block job ended. */
export type JobEnding = 'completed' | 'failed' | 'cancelled' | 'ready';

/** Milliseconds since 1970. */
export type Clock = () => number;
