import type { Problem } from '../problem.ts';
import type { LeftBehind } from './leftover.ts';
import type { ImageUser } from './sharing.ts';

/** What else rests on some images of a chain: all of it would change with them. Looked for when a plan is made. */
export interface Dependents {
  /** Disks of guests, running or not, whose chain or persistent definition leads to one of the images. */
  readonly users: readonly DependentUser[];
  /** Snapshot records of other guests that name one of the images. */
  readonly records: readonly DependentRecord[];
  /** Image files in no known chain that name one of the images as their backing image. */
  readonly overlays: readonly DependentFile[];
  /** Disks whose chain could not be followed to its end, so that it may lead to the images too. */
  readonly unsure: readonly ImageUser[];
  /** Disks on other machines, and snapshot records of theirs, that name an image by the same path, where nobody can tell whether it is the same file. */
  readonly elsewhere: readonly ImageUser[];
  /** Image files there that name one as their backing image, of which nobody can tell either; each with its host. */
  readonly overlaysElsewhere: readonly string[];
  /** The same of disks on a host that is not connected, as it was last told: once it is back, it can be asked. */
  readonly lost: readonly DependentUser[];
  /** Hosts, pools, folders and files that could not be looked at, so that somebody there may rest on the images too. */
  readonly unread: readonly Problem[];
  /** Whether only the host's storage pools could be asked, which know what was there when they were last refreshed. */
  readonly onlyPools: boolean;
}

export interface DependentUser extends ImageUser {
  /** Key of the image, as this chain has it. */
  readonly image: string;
}

export interface DependentFile {
  readonly path: string;
  /** Key of the image, as this chain has it. */
  readonly image: string;
  /** The operation that left the file behind; left out where none did. */
  readonly left?: LeftBehind;
}

export interface DependentRecord extends DependentUser {
  /** Name of the record. */
  readonly record: string;
}

export const NO_DEPENDENTS: Dependents = {
  users: [],
  records: [],
  overlays: [],
  unsure: [],
  elsewhere: [],
  overlaysElsewhere: [],
  lost: [],
  unread: [],
  onlyPools: false,
};

/** The same, with which operation left a file behind, by its path. */
export function withLeftovers(found: Dependents, left: ReadonlyMap<string, LeftBehind>): Dependents {
  const overlays = found.overlays.map((file) => {
    const by = left.get(file.path);
    return by === undefined ? file : { ...file, left: by };
  });
  return { ...found, overlays };
}
