import type { Guest } from '../fleet/guest.ts';
import type { Problem } from '../problem.ts';

/** What was found out about a guest at one moment, when somebody asked for it. */
export interface Examination {
  /** As libvirt had it then. */
  readonly guest: Guest;
  /** Of its host. */
  readonly qemuVersion: string | null;
  readonly disks: readonly ExaminedDisk[];
  /** Why its images' headers and files were not looked at; `null` where they were. */
  readonly notInspected: Problem | null;
}

export interface ExaminedDisk {
  readonly target: string;
  /**
   * Key of the image that the persistent definition of a running guest begins with, where that is another one than the
   * guest has now; `null` where it is the same, or there is no such definition.
   */
  readonly definedOther: string | null;
  /** Whether an operation of the journal has the disk. */
  readonly busy: boolean;
  /** What the headers of its images say; empty where they were not looked at. */
  readonly backings: readonly NamedBacking[];
}

/** A backing image as the header of the image above it names it. */
export interface NamedBacking {
  /** Key of the image that has the header. */
  readonly image: string;
  /** As it stands there. */
  readonly name: string;
  /** As it stands there; `null` where none does. */
  readonly format: string | null;
  /** The absolute path that QEMU makes of the name; `null` for what is no file. */
  readonly path: string | null;
  /** The same file by a path without a link at its end and without `..`; `null` where it is not there. */
  readonly plain: string | null;
  /** Whether the file that is named is itself a link. */
  readonly link: boolean;
  readonly at: 'there' | 'missing' | 'unreadable';
  /** Whether it begins as a qcow2 image does. A raw image begins as its guest wants it to. */
  readonly beginsAsQcow2: boolean;
  /** Key of the image that the chain has below; `null` where it ends. */
  readonly below: string | null;
  /** Whether that is the file that the header names; `null` where nobody can tell. */
  readonly isBelow: boolean | null;
}
