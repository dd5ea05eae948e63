import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrno, LabError } from './error.ts';
import type { Namespace } from './namespace.ts';

/** One of the lab's libvirt daemons. */
export interface LabHost {
  name: string;
  /** What virsh and the product connect to: `qemu+unix:///session?socket=…`. */
  uri: string;
  socket: string;
  /** Folder of its disk images; the storage pool `default` shows it. */
  images: string;
}

export interface LabDisk {
  /** Such as `vda`. */
  target: string;
  /** Paths (or an NBD URL) of the chain as it was made, from active to base. */
  images: string[];
}

export interface LabGuest {
  host: string;
  name: string;
  uuid: string;
  state: 'running' | 'paused' | 'shut off';
  disks: LabDisk[];
  /** The file that receives what it writes to its serial port. */
  serial: string | null;
  /** The files that were made for it alone; they go when it goes. */
  files: string[];
}

/** What a lab holds; `lab.json` in its folder says it too. */
export interface Lab {
  version: 1;
  dir: string;
  accelerator: 'kvm' | 'tcg';
  /** Path of the program that runs guests. */
  emulator: string;
  /** Null where this machine refuses user namespaces: then the daemons run beside everything else of this user. */
  namespace: Namespace | null;
  hosts: LabHost[];
  guests: LabGuest[];
  folders: {
    /** On another file system than the image folders. */
    second: string | null;
    /** A file system of 28 MiB, to be filled up. Null for who may mount none; tests ask `tinyOf`. */
    tiny: string | null;
    /** A folder that the daemons may not read. */
    unreadable: string;
  };
}

const fileOf = (dir: string) => join(dir, 'lab.json');

/** What a lab's `lab.json` says. Rejects with `no-lab` where there is none, with `other-version` for another version's. */
export async function read(dir: string): Promise<Lab> {
  const text = await readFile(fileOf(dir), 'utf8').catch((error: unknown) => {
    if (!isErrno(error, 'ENOENT')) throw error;
    throw new LabError('no-lab', `There is no lab in ${dir}. Start one with: npm run lab -- up`, {
      cause: error,
    });
  });
  const lab: Lab = JSON.parse(text);
  if (lab.version === 1) return lab;
  throw new LabError(
    'other-version',
    `The lab in ${dir} was started by another version: npm run lab -- reset`,
  );
}

export async function note(lab: Lab): Promise<void> {
  await writeFile(fileOf(lab.dir), `${JSON.stringify(lab, undefined, 2)}\n`);
}

/** The host of this name. Throws `no-host`. */
export function hostOf(lab: Lab, name: string): LabHost {
  const host = lab.hosts.find((candidate) => candidate.name === name);
  if (host) return host;
  throw new LabError(
    'no-host',
    `The lab has no host ${name}, only ${lab.hosts.map((one) => one.name).join(', ')}.`,
  );
}

/** The guest of this name. Throws `no-guest`. */
export function guestOf(lab: Lab, name: string): LabGuest {
  const guest = lab.guests.find((candidate) => candidate.name === name);
  if (guest) return guest;
  throw new LabError(
    'no-guest',
    `The lab has no guest ${name}, only ${lab.guests.map((one) => one.name).join(', ')}.`,
  );
}

/** The file system that is there to be filled up. Throws `no-tiny-file-system`. */
export function tinyOf(lab: Lab): string {
  if (lab.folders.tiny !== null) return lab.folders.tiny;
  throw new LabError(
    'no-tiny-file-system',
    'The lab has no file system that is small enough to be filled up, since none could be mounted when it came up. ' +
      'Run this as root, or as a user whom sudo lets run mount and umount without a password.',
  );
}
