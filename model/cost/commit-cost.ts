import { type ClusterMap, countMarked } from '../content/cluster-map.ts';
import type { Image } from '../fleet/image.ts';
import {
  bytes,
  DEFAULT_CLUSTER,
  largest,
  MOST_CLUSTERS,
  mergedMap,
  tablesFor,
  unmappedBytes,
} from './cost.ts';

/** The allocation unit of file systems, at least for an inactive commit into a raw image. */
const BLOCK = 4096;
/** QEMU mirrors into an image without clusters in pieces of this (`bdrv_get_default_bitmap_granularity`). */
const PIECE = 65536;

/**
 * Upper bound of what a commit of these images, from the topmost down, writes into `base`, bytes. Unlike in a pull,
 * zeros become data, and what the base already has is not subtracted. The active image may have more data than its
 * file shows. What the guest writes meanwhile comes on top. `null` if a virtual size is unknown.
 */
export function mostCommitted(
  merged: readonly Image[],
  base: Image,
  maps: ReadonlyMap<string, ClusterMap>,
  isActive: boolean,
): number | null {
  const [top] = merged;
  const size = top?.virtualSize ?? largest(merged);
  if (top === undefined || size === null) return top === undefined ? 0 : null;
  const raw = base.format === 'raw';
  const cluster = raw ? BLOCK : (base.traits.clusterSize ?? DEFAULT_CLUSTER);
  const unit = isActive ? Math.max(raw ? PIECE : BLOCK, cluster) : cluster;
  const disk = Math.ceil(size / unit);
  const perTable = cluster / (base.traits.extendedL2 ? 16 : 8);
  const total = (written: number, inTables: number) =>
    raw ? written * unit : bytes((written * unit) / cluster, inTables, cluster);
  const allTables = Math.ceil(size / cluster / perTable);
  if (disk > MOST_CLUSTERS) return total(disk, allTables);
  const { data, zeros } = mergedMap(merged, maps, size, unit);
  for (let word = 0; word < data.length; word++) data[word] = (data[word] ?? 0) | (zeros[word] ?? 0);
  const unmapped = isActive ? Math.ceil(unmappedBytes(top, maps) / Math.min(unit, clusterOf(top))) : 0;
  const units = Math.min(disk, countMarked(data) + unmapped);
  const described = { data, zeros, clusterSize: unit };
  const tables = unmapped > 0 || unit !== cluster ? allTables : tablesFor(described, perTable);
  return total(units, tables);
}

function clusterOf(image: Image): number {
  return image.traits.clusterSize ?? DEFAULT_CLUSTER;
}
