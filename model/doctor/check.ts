import type { Capabilities } from '../fleet/capabilities.ts';
import type { Disk } from '../fleet/disk.ts';
import type { Guest } from '../fleet/guest.ts';
import type { ExaminedDisk } from './examination.ts';
import type { Found } from './finding.ts';

/** One thing that the doctor looks for in what libvirt reports of a guest. */
export type GuestCheck = (guest: Guest) => readonly Found[];

/** The same for one disk of a guest. */
export type DiskCheck = (disk: Disk, facts: DiskFacts) => readonly Found[];

/** The same in what an examination reads of a disk: headers, files, and the guest's definition. */
export type ExaminationCheck = (disk: Disk, examined: ExaminedDisk) => readonly Found[];

export interface DiskFacts {
  readonly guest: Guest;
  /** Of the guest's host. */
  readonly capabilities: Capabilities;
  /** Whether an operation has the disk. */
  readonly busy: boolean;
}
