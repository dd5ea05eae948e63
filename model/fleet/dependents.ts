import type { Problem } from '../problem.ts';
import type { LeftBehind } from './leftover.ts';
import type { ImageUser } from './sharing.ts';

/** What else depends on some images of a chain, and would change with them. It is searched for when a plan is made. */
export interface Dependents {
  /** Disks of guests, running or not, whose chain or persistent definition leads to one of the images. */
  readonly users: readonly DependentUser[];
  /** Snapshot records of other guests that name one of the images. */
  readonly records: readonly DependentRecord[];
  /** Image files in no known chain that name one of the images as their backing image. */
  readonly overlays: readonly DependentFile[];
  /** Disks whose chain could not be read to its end, so that it may contain the images too. */
  readonly unsure: readonly ImageUser[];
  /** Disks and snapshot records on other machines that name an image by the same path. Whether it is the same file is unknown. */
  readonly elsewhere: readonly ImageUser[];
  /** Image files on other machines that name an image as their backing image by the same path; each with its host. */
  readonly overlaysElsewhere: readonly string[];
  /** The same for disks on a host that is not connected, as last known. The host can be asked when it is back. */
  readonly lost: readonly DependentUser[];
  /** Names of guests that don't answer and whose images are not known, so that they may use any image. */
  readonly silent: readonly string[];
  /** Hosts, pools, folders and files that could not be read. What they contain may depend on the images too. */
  readonly unread: readonly Problem[];
  /** Whether only the host's storage pools could be read. A pool lists what it had at its last refresh. */
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
  /** The operation that left the file behind; left out if there is none. */
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
  silent: [],
  unread: [],
  onlyPools: false,
};

/** The same with the operation that left each file behind. @param by by path of the file */
export function withLeftovers(found: Dependents, left: ReadonlyMap<string, LeftBehind>): Dependents {
  const overlays = found.overlays.map((file) => {
    const by = left.get(file.path);
    return by === undefined ? file : { ...file, left: by };
  });
  return { ...found, overlays };
}
