import type { ClusterMap } from '../../../model/content/cluster-map.ts';
import type { TargetLayout } from '../../../model/content/target-layout.ts';
import type { Basis } from '../../../model/cost/prediction.ts';
import type { Image } from '../../../model/fleet/image.ts';
import type { Problem } from '../../../model/problem.ts';

/** How one host's images are looked into. What nobody can look into is left out. */
export interface AllocationMaps {
  /** What predictions stand on where all images could be looked into. */
  readonly basis: Basis;
  /** What images hold, by image key. */
  maps(images: readonly Image[]): Promise<ReadonlyMap<string, ClusterMap>>;
  /** How qcow2 images are laid out, by image key. */
  layouts(images: readonly Image[]): Promise<ReadonlyMap<string, TargetLayout>>;
  /** Why one of these could not be looked into when it was last tried; `null` where nothing went wrong. */
  readError(images: readonly Image[]): Problem | null;
}

/** Where neither files nor a shell can be reached. */
export const DARK: AllocationMaps = {
  basis: 'allocations',
  maps: async () => new Map(),
  layouts: async () => new Map(),
  readError: () => null,
};

/** By image key, without those that nobody could tell of. */
export async function byKey<T>(
  images: readonly Image[],
  look: (image: Image) => Promise<T | null>,
): Promise<ReadonlyMap<string, T>> {
  const found = await Promise.all(images.map(async (image) => [image.key, await look(image)] as const));
  return new Map(found.flatMap(([key, value]) => (value === null ? [] : [[key, value] as const])));
}
