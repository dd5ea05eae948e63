import type { ClusterMap } from '../../model/content/cluster-map.ts';
import type { TargetLayout } from '../../model/content/target-layout.ts';
import type { Basis } from '../../model/cost/prediction.ts';
import type { Dependents } from '../../model/fleet/dependents.ts';
import type { Destination } from '../../model/fleet/destination.ts';
import type { Disk, DiskRef, GuestRef } from '../../model/fleet/disk.ts';
import type { FreeSpace } from '../../model/fleet/free-space.ts';
import type { Guest } from '../../model/fleet/guest.ts';
import type { Host } from '../../model/fleet/host.ts';
import type { Image } from '../../model/fleet/image.ts';
import type { LeftoverReport } from '../../model/fleet/leftover.ts';
import type { ImageUser } from '../../model/fleet/sharing.ts';
import type { JournalEntry, JournalEvent, Operation } from '../../model/operation/operation.ts';
import type { HeaderLook } from '../../model/plans/fixes/rewrite-header.ts';
import type { SnapshotFacts } from '../../model/plans/snapshot.ts';
import type { CopyStep, DeleteStep, FrozenDisk, SnapshotStep } from '../../model/plans/step.ts';
import type { Problem } from '../../model/problem.ts';
import type { MigrationPorts } from './migration-ports.ts';

/** What operations need of the world. `runtime` fills these. */

/** All of them that steps may need. */
export interface Ports {
  readonly disks: Disks;
  readonly hosts: Hosts;
  readonly migration: MigrationPorts;
  readonly snapshots: Snapshots;
  readonly pausedStarts: PausedStarts;
  readonly destinations: Destinations;
  readonly jobs: Jobs;
  readonly dependents: DependentsFinder;
  readonly leftovers: LeftoversPort;
  readonly definitions: Definitions;
  readonly headers: Headers;
  readonly guests: Guests;
  readonly history: History;
}

export interface Journal {
  /** All or none, durable before it resolves. */
  append(operationId: string, events: readonly JournalEvent[], at: number): Promise<readonly JournalEntry[]>;
  entries(operationId: string): Promise<readonly JournalEntry[]>;
  unfinished(): Promise<readonly Operation[]>;
}

/** What was done before. */
export interface History {
  /** Operations that succeeded on a host, the newest first; not all, but enough to tell how fast it is. */
  succeeded(hostId: string): Promise<readonly Operation[]>;
}

export interface Disks {
  /** The guest as libvirt has it now. Throws a `ProblemError` where it can't be had. */
  look(ref: GuestRef): Promise<Guest>;
  /** The disk as libvirt has it now. Throws a `ProblemError` where it can't be had. */
  lookAtDisk(ref: DiskRef): Promise<{ guest: Guest; disk: Disk }>;
  /** Throws the host's own error. */
  startPull(ref: DiskRef, base: Image | null, bandwidth: number): Promise<void>;
  abortJob(ref: DiskRef): Promise<void>;
  /** Brings to the disk what was written into the active image so far, where this machine has it. Throws the system's own error. */
  writeback(ref: DiskRef, active: Image): Promise<void>;
  /** Makes what is in the active image outlive QEMU; answers whether that could be asked for. */
  flush(ref: DiskRef, active: Image): Promise<boolean>;
  setSpeed(ref: DiskRef, bandwidth: number): Promise<void>;
  sample(ref: DiskRef, active: Image): Promise<{ job: Disk['job']; allocated: number | null }>;
  allocatedBy(ref: DiskRef, active: Image): Promise<number | null>;
  /** The room where an image lies, as it was last measured; `null` where nobody measures it. */
  freeSpaceAt(ref: GuestRef, image: Image): Promise<FreeSpace | null>;
  /** The same as it is now. */
  freeSpaceNow(ref: GuestRef, image: Image): Promise<FreeSpace | null>;
  /** What predictions for a host's images stand on at best. */
  basisOf(hostId: string): Basis;
  /** Why one of these images could not be looked into; `null` where nothing went wrong. */
  readErrorOf(hostId: string, images: readonly Image[]): Problem | null;
  /** What images hold, by image key; those that nobody can look into are left out. */
  mapsOf(ref: GuestRef, images: readonly Image[]): Promise<ReadonlyMap<string, ClusterMap>>;
  /** How these qcow2 images are laid out, by image key; those that nobody can look into are left out. */
  layoutsOf(ref: GuestRef, images: readonly Image[]): Promise<ReadonlyMap<string, TargetLayout>>;
  /** QEMU's reason for the last failed job of the disk, once. */
  takeReason(ref: DiskRef): string | null;
}

/** Commits and copies. Bandwidths are bytes per second, 0 for no limit; calls throw the host's own errors. */
export interface Jobs {
  startCommit(ref: DiskRef, top: Image, base: Image, bandwidth: number): Promise<void>;
  startActiveCommit(ref: DiskRef, base: Image, bandwidth: number): Promise<void>;
  startCopy(ref: DiskRef, target: Pick<CopyStep, 'file' | 'format'>, bandwidth: number): Promise<void>;
  /** Ends a copy or an active commit: the guest goes on with its target. There is no way back. */
  pivot(ref: DiskRef): Promise<void>;
  /** Ends a job without success; resolves when it is gone. */
  end(ref: DiskRef): Promise<void>;
  /** Removes a copy that nothing uses. Throws `COPY_LEFT`. */
  removeCopy(ref: DiskRef, file: string): Promise<void>;
}

export interface DependentsFinder {
  /** What but the disk itself rests on these images of its chain. */
  of(ref: DiskRef, images: readonly Image[]): Promise<Dependents>;
}

/** What definitions say of disks. Disks that are volumes go by their pool. */
export interface Definitions {
  /** What the persistent definition names, and what the guest has; `null` where there is none. */
  look(ref: DiskRef): Promise<{ defined: string | null; live: string | null }>;
  /** What a copy or an active commit brings the data to, from the top down; empty where none is under way. */
  mirrorOf(ref: DiskRef): Promise<readonly Image[]>;
  /** Has the definition name what the guest has, and nothing else. Throws a `ProblemError`, or the host's own error. */
  follow(ref: DiskRef, from: string, to: string): Promise<void>;
}

/** Headers and tables of images on this machine, by their paths. What writes fails while a QEMU has the image open. */
export interface Headers {
  isLocal(ref: GuestRef): boolean;
  /** `null` for an image that can't be read, or has nothing below it. */
  named(image: string): Promise<{ name: string; format: string | null } | null>;
  look(image: string, backing: string): Promise<HeaderLook | null>;
  rewrite(image: string, backing: { name: string; format: string }): Promise<void>;
  /** `null` where it could not be checked. */
  check(image: string): Promise<{ leaks: number; errors: number } | null>;
  repairLeaks(image: string): Promise<void>;
}

/** What is done to guests as a whole. */
export interface Guests {
  /** Lets a paused guest go on. Throws the host's own error. */
  resume(ref: GuestRef): Promise<void>;
}

/** Image files that nothing refers to. */
export interface LeftoversPort {
  /** Looks at everything anew. Throws a `ProblemError` where there is no such host. */
  find(hostId: string): Promise<LeftoverReport>;
  /** Whether the file is there as it was, or another in its place. */
  look(hostId: string, file: DeleteStep): Promise<'there' | 'other' | 'gone'>;
  /** Deletes the file through its pool. One that is gone is no error. Throws a `ProblemError`, or the host's own error. */
  remove(hostId: string, file: DeleteStep): Promise<void>;
}

export interface Snapshots {
  /**
   * All disks or none. Throws `AGENT_SILENT`, `AGENT_FROZEN`, `MAY_BE_FROZEN`, or the host's own error, after which it may
   * still have been taken.
   */
  take(ref: GuestRef, snapshot: NewSnapshot): Promise<void>;
  /** Lets the file systems of a running guest go. Answers why that can't be made sure of, `null` where they are not at rest. */
  thaw(ref: GuestRef): Promise<string | null>;
  /** Removes the record, never data. Throws `RECORD_UNKNOWN`, or the host's own error. */
  forget(ref: GuestRef, name: string): Promise<void>;
  circumstances(ref: GuestRef): Promise<Pick<SnapshotFacts, 'agent' | 'savedState' | 'persistent'>>;
}

export type NewSnapshot = Pick<SnapshotStep, 'name' | 'description' | 'quiesce'> & {
  readonly disks: readonly Pick<FrozenDisk, 'target' | 'file'>[];
};

/** Guests that are up, paused, only for the work on their disks; each until this process or its way to the host ends. */
export interface PausedStarts {
  /** Throws `SAVED_STATE`, or the host's own error. */
  start(ref: GuestRef): Promise<void>;
  /** How the guest stands: started so, by whatever process, and paused still or resumed by somebody; up otherwise; or off. */
  startState(ref: GuestRef): Promise<'paused' | 'resumed' | 'other' | 'off'>;
  /** Whether this process started it, and has been bound to it since. */
  holds(ref: GuestRef): boolean;
  /** One that is not paused any more is left running. */
  destroy(ref: GuestRef): Promise<void>;
}

export interface Destinations {
  look(hostId: string, path: string): Promise<Destination>;
}

export interface Hosts {
  host(hostId: string): Host | null;
  /** As they were last told. */
  guestsOf(hostId: string): readonly Guest[];
  usersOf(hostId: string): ReadonlyMap<string, readonly ImageUser[]>;
  /** Whether an error means that the host was lost, so that nobody knows whether the call took effect. */
  isLost(error: unknown): boolean;
}

/** How a disk's block job ended. */
export type JobEnding = 'completed' | 'failed' | 'cancelled' | 'ready';

/** Milliseconds since 1970. */
export type Clock = () => number;
