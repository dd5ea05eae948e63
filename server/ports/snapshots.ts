import type { GuestRef } from '../../model/fleet/disk.ts';
import type { SnapshotFacts } from '../../model/plans/snapshot-checks.ts';
import type { FrozenDisk, SnapshotStep } from '../../model/plans/snapshot-step.ts';

/** External snapshots of disks, and the records that libvirt keeps of them. */
export interface Snapshots {
  /**
   * All disks or none. Throws `AGENT_SILENT` where the guest's agent can't be asked to freeze its file systems, `AGENT_FROZEN`
   * where it has frozen them already, `MAY_BE_FROZEN` where it disappears meanwhile, else the host's own error. After any of
   * these but the first two the snapshot may still have been taken.
   */
  take(ref: GuestRef, snapshot: NewSnapshot): Promise<void>;
  /** Thaws the file systems of a running guest. Answers why that is not certain, `null` where none is frozen. */
  thaw(ref: GuestRef): Promise<string | null>;
  /** Removes the record, never data. Throws `RECORD_UNKNOWN`, or the host's own error. */
  forget(ref: GuestRef, name: string): Promise<void>;
  /**
   * Has libvirt revert a guest that is off to an external snapshot; it stays off. Throws `RECORD_UNKNOWN`, or the host's own error,
   * after which the revert may still have been done.
   */
  revert(ref: GuestRef, name: string): Promise<void>;
  /**
   * Has libvirt delete an external snapshot, with the overlays that it merges or the images at the end of a branch. It may take long.
   * Throws `RECORD_UNKNOWN`, or the host's own error, after which it may still have been done.
   */
  remove(ref: GuestRef, name: string): Promise<void>;
  circumstances(ref: GuestRef): Promise<Circumstances>;
}

/** A snapshot of some of a guest's disks, all at one moment. libvirt makes the overlays, and refuses files that hold anything. */
export type NewSnapshot = Pick<SnapshotStep, 'name' | 'description' | 'quiesce'> & {
  readonly disks: readonly Pick<FrozenDisk, 'target' | 'file'>[];
};

/** What libvirt knows of a guest beside its disks, on which snapshots and starts depend. */
export type Circumstances = Pick<SnapshotFacts, 'agent' | 'savedState' | 'persistent'>;
