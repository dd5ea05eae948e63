import type { ClusterMap } from '../../model/content/cluster-map.ts';
import type { TargetLayout } from '../../model/content/target-layout.ts';
import type { Basis } from '../../model/cost/prediction.ts';
import type { GuestRef } from '../../model/fleet/disk.ts';
import type { Image } from '../../model/fleet/image.ts';
import type { Problem } from '../../model/problem.ts';

/** Which clusters images hold, by image key. Images that can't be read are left out. */
export interface AllocationMaps {
  mapsOf(ref: GuestRef, images: readonly Image[]): Promise<ReadonlyMap<string, ClusterMap>>;
  /** How these qcow2 images are laid out. */
  layoutsOf(ref: GuestRef, images: readonly Image[]): Promise<ReadonlyMap<string, TargetLayout>>;
  /** The best basis that predictions for a host's images can have. */
  basisOf(hostId: string): Basis;
  /** Why one of these images could not be read; `null` where all could, or none was tried. */
  readErrorOf(hostId: string, images: readonly Image[]): Problem | null;
}
