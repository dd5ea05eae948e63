import type { ClusterMap } from '../../content/cluster-map.ts';
import type { Destination } from '../../fleet/destination.ts';
import type { Guest } from '../../fleet/guest.ts';
import type { SharedImage } from '../../fleet/guest-location.ts';
import type { Host } from '../../fleet/host.ts';
import type { ImageUser } from '../../fleet/sharing.ts';
import type { Problem } from '../../problem.ts';

/** The facts for the plan of a migration. */
export interface MigrationFacts {
  readonly source: Host;
  readonly destination: Host;
  /** How the hosts' daemons reach each other, or why they can't. */
  readonly route: MigrationRoute | Problem;
  /** Why the destination's CPU can't run the guest, or was not compared. */
  readonly cpu: Problem | null;
  /** A guest of the destination with the same name or UUID. */
  readonly namesake: Guest | null;
  /** The disks that get a new active image, by target, without those that have no proposed path. */
  readonly disks: ReadonlyMap<string, DiskThere>;
  /** The images of the disks that stay as they are, such as a CD, by target. */
  readonly kept: ReadonlyMap<string, readonly SharedImage[]>;
  /** Who uses each image of the source, by image key. */
  readonly users: ReadonlyMap<string, readonly ImageUser[]>;
  /** Allocation maps of the source's images, by image key, as far as known. */
  readonly maps: ReadonlyMap<string, ClusterMap>;
}

export interface MigrationRoute {
  /** The URI that the source's daemon connects to. */
  readonly destinationUri: string;
  /**
   * The URI for QEMU's stream of memory; `null` leaves it to libvirt, which uses TCP to the destination's host
   * name.
   */
  readonly migrateUri: string | null;
}

/** A disk at the destination. */
export interface DiskThere {
  /** Path of the new active image. */
  readonly file: string;
  /** Path by which the destination reads the present active image. */
  readonly from: string;
  readonly fileSystem: Destination;
  /** Name of the running pool of the new image's folder; `null` if there is none. */
  readonly pool: string | null;
  /** The images of the chain from the active one down. */
  readonly images: readonly SharedImage[];
}
