import type { Capabilities } from '../fleet/capabilities.ts';
import type { Guest } from '../fleet/guest.ts';
import type { Problem } from '../problem.ts';

/** What was read of a guest at one moment, on request. */
export interface Examination {
  /** As libvirt reported it at that moment. */
  readonly guest: Guest;
  /** Of its host. */
  readonly capabilities: Capabilities;
  readonly disks: readonly ExaminedDisk[];
  /** Why its images' headers and files were not inspected; `null` if they were. */
  readonly notInspected: Problem | null;
}

export interface ExaminedDisk {
  readonly target: string;
  /**
   * Key of the active image in the persistent definition of a running guest, if it differs from the one that the guest
   * has; `null` if it is the same, or if there is no such definition.
   */
  readonly definedOther: string | null;
  /** Whether an operation of the journal has the disk. */
  readonly busy: boolean;
  /** What the headers of its images say; empty if they were not inspected. */
  readonly backings: readonly NamedBacking[];
}

/** A backing image as the header of the image above it names it. */
export interface NamedBacking {
  /** Key of the image that has the header. */
  readonly image: string;
  /** The name as the header has it. */
  readonly name: string;
  /** The format as the header has it; `null` if it has none. */
  readonly format: string | null;
  /** The absolute path that QEMU makes of the name; `null` if it does not name a file. */
  readonly path: string | null;
  /** The path of the same file without a link at its end and without `..`; `null` if there is no such file. */
  readonly plain: string | null;
  /** Whether the named file is itself a link. */
  readonly link: boolean;
  readonly at: 'there' | 'missing' | 'unreadable';
  /** Whether the file begins as a qcow2 image does. The guest of a raw image decides how that begins. */
  readonly beginsAsQcow2: boolean;
  /** Key of the next image in the chain; `null` at its end. */
  readonly below: string | null;
  /** Whether that is the file that the header names; `null` if unknown. */
  readonly isBelow: boolean | null;
}
