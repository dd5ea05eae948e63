import type { ClusterMap } from '../../content/cluster-map.ts';
import type { Destination } from '../../fleet/destination.ts';
import type { Guest } from '../../fleet/guest.ts';
import type { SharedImage } from '../../fleet/guest-location.ts';
import type { Host } from '../../fleet/host.ts';
import type { ImageUser } from '../../fleet/sharing.ts';
import type { Problem } from '../../problem.ts';

/** What the plan of a migration has to know beside the guest. */
export interface MigrationFacts {
  readonly source: Host;
  readonly destination: Host;
  /** How the hosts' daemons are brought together, or why they can't be. */
  readonly strategy: MigrationRoute | Problem;
  /** What speaks against the guest's CPU over there. */
  readonly cpu: Problem | null;
  /** A guest of the destination with the name or the UUID of this one. */
  readonly namesake: Guest | null;
  /** Of the disks that get a new active image, by target; not of those for which there was no path to propose. */
  readonly disks: ReadonlyMap<string, DiskThere>;
  /** Of the disks that stay as they are, such as a CD: their images, by target. */
  readonly kept: ReadonlyMap<string, readonly SharedImage[]>;
  /** Who uses each image of the source, by image key. */
  readonly users: ReadonlyMap<string, readonly ImageUser[]>;
  /** What images of the source hold, by image key, as far as known. */
  readonly maps: ReadonlyMap<string, ClusterMap>;
}

export interface MigrationRoute {
  /** For the source's daemon. */
  readonly destinationUri: string;
  /** For QEMU's stream of memory; `null` leaves it to libvirt, which takes TCP to the destination's host name. */
  readonly migrateUri: string | null;
}

/** A disk as the destination will have it. */
export interface DiskThere {
  /** Path of the new active image. */
  readonly file: string;
  /** Path by which the destination reads the present active image. */
  readonly from: string;
  readonly fileSystem: Destination;
  /** Name of the running pool whose folder the new image is to lie in. */
  readonly pool: string | null;
  /** The images of the chain from the active one down. */
  readonly images: readonly SharedImage[];
}
