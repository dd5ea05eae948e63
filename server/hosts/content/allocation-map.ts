import type { ClusterMap } from '../../../model/content/cluster-map.ts';
import type { TargetLayout } from '../../../model/content/target-layout.ts';
import type { Basis } from '../../../model/cost/prediction.ts';
import type { Image } from '../../../model/fleet/image.ts';
import type { Problem } from '../../../model/problem.ts';

/** Which clusters one host's images hold. Images that can't be read are left out. */
export interface HostAllocationMaps {
  /** The basis that predictions have where all images could be read. */
  readonly basis: Basis;
  /** By image key. */
  maps(images: readonly Image[]): Promise<ReadonlyMap<string, ClusterMap>>;
  /** How qcow2 images are laid out, by image key. */
  layouts(images: readonly Image[]): Promise<ReadonlyMap<string, TargetLayout>>;
  /** Why one of these images could not be read when it was last tried; `null` where all could, or none was tried. */
  readError(images: readonly Image[]): Problem | null;
}

/** Of a host whose files can be read neither here nor through a shell. */
export const UNREACHABLE: HostAllocationMaps = {
  basis: 'allocations',
  maps: async () => new Map(),
  layouts: async () => new Map(),
  readError: () => null,
};

/** What `read` answers of each image, by image key, without those of which it answers `null`. */
export async function byKey<T>(
  images: readonly Image[],
  read: (image: Image) => Promise<T | null>,
): Promise<ReadonlyMap<string, T>> {
  const found = await Promise.all(images.map(async (image) => [image.key, await read(image)] as const));
  return new Map(found.flatMap(([key, value]) => (value === null ? [] : [[key, value] as const])));
}
