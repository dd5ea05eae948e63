import type { LabGuest } from './description.ts';
import type { LayerSpec } from './image.ts';

/** What a real Linux starts from. */
export interface LinuxBoot {
  readonly kernel: string;
  readonly initrd: string;
}

/** A disk to make, with its images. */
export interface DiskSpec {
  /** Default `vda`. */
  target?: string;
  /** From base to top: the images, or just how many; then each holds 1 MiB of its own. */
  layers: readonly LayerSpec[] | number;
  /** Virtual size in bytes, a multiple of 512; default 1 GiB. */
  size?: number;
  /** Names a storage pool: the disk's source is then the pool's volume, not a path. */
  pool?: string;
  /** Whether the room of zeros is given back to the file system, by `discard='unmap'`; by default it is. */
  discards?: boolean;
}

/** A guest to make, with its disks. */
export interface GuestSpec {
  /** Default `alpha`. */
  host?: string;
  name: string;
  /** Default one disk with one image. */
  disks?: readonly DiskSpec[];
  /** Default `running`. */
  state?: LabGuest['state'];
  /** Target of an empty CD-ROM drive, such as `sda`. */
  cdrom?: string;
  /** Starts the BIOS and then the first disk, instead of a ROM that only halts. */
  boots?: boolean;
  /** Starts a ROM that changes memory all the time, and takes all of a CPU for it. */
  busy?: boolean;
  /** Has the model of the host's CPU; else it names none, and libvirt >= 12 then compares it with no host's. */
  hostCpu?: boolean;
  /** Starts a real Linux, see `linuxSpec`. */
  linux?: LinuxBoot;
  /** Machine type; default the newest q35 that the emulator has. */
  machine?: string;
  /** File that receives what the guest writes to its serial port. */
  serial?: string;
}
