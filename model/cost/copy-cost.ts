import { addBits, type ClusterMap, countMarked, emptyMap, markRange } from '../content/cluster-map.ts';
import { activeOf, type Chain } from '../fleet/chain.ts';
import type { Image } from '../fleet/image.ts';
import { bytes, DEFAULT_CLUSTER, largest, MOST_CLUSTERS, unmappedBytes } from './cost.ts';

/** QEMU's mirror copies in pieces as large as a cluster, within these bounds (`bdrv_get_default_bitmap_granularity`). */
const SMALLEST_PIECE = 4096;
const LARGEST_PIECE = 65536;

/**
 * Upper bound of the size of a new qcow2 image with all that the guest reads from the chain, bytes. libvirt gives
 * it the cluster size of the active image. QEMU first marks all of it as zeros, so there are tables for the whole
 * disk. What the guest writes meanwhile comes on top. `null` if a virtual size is unknown.
 */
export function mostCopied(now: Chain, maps: ReadonlyMap<string, ClusterMap>): number | null {
  const active = activeOf(now);
  const size = active?.virtualSize ?? largest(now.images);
  if (active === null || size === null) return null;
  const cluster = active.traits.clusterSize ?? DEFAULT_CLUSTER;
  const unit = Math.max(SMALLEST_PIECE, cluster);
  const disk = Math.ceil(size / unit);
  const tables = Math.ceil(size / cluster / (cluster / (active.traits.extendedL2 ? 16 : 8)));
  const piece = Math.min(unit, LARGEST_PIECE);
  const seen =
    disk > MOST_CLUSTERS || now.images.some((image) => answersInParts(image, piece))
      ? disk
      : countMarked(visible(now.images, maps, size, unit));
  const units = Math.min(disk, seen + Math.ceil(unmappedBytes(active, maps) / cluster));
  return bytes((units * unit) / cluster, tables, cluster);
}

/** Whether QEMU asks an image about so few bytes at a time, one table's range, that it copies zeros as data. */
function answersInParts({ traits: { clusterSize, extendedL2 } }: Image, piece: number): boolean {
  return clusterSize !== null && clusterSize * (clusterSize / (extendedL2 ? 16 : 8)) < piece;
}

/**
 * Clusters of this size in which the guest reads data, from the active image down. Zeros that do not fill a whole
 * cluster are copied as data too. An image without a map counts as full.
 */
function visible(
  images: readonly Image[],
  maps: ReadonlyMap<string, ClusterMap>,
  size: number,
  cluster: number,
): Uint32Array {
  const disk = Math.ceil(size / cluster);
  const { data, zeros: hidden } = emptyMap(size, cluster);
  for (const { key, virtualSize } of images) {
    const map = maps.get(key);
    const end = Math.min(size, virtualSize ?? size);
    const own = emptyMap(size, cluster);
    if (map === undefined) markRange(own.data, 0, Math.ceil(end / cluster));
    else {
      addBits(own.data, cluster, map.data, map.clusterSize, disk);
      addBits(own.zeros, cluster, map.zeros, map.clusterSize, disk);
    }
    // Of smaller clusters one alone hides nothing.
    const hides = map === undefined || map.clusterSize >= cluster;
    for (let word = 0; word < data.length; word++) {
      const found = (own.data[word] ?? 0) | (hides ? 0 : (own.zeros[word] ?? 0));
      data[word] = (data[word] ?? 0) | (found & ~(hidden[word] ?? 0));
      if (hides) hidden[word] = (hidden[word] ?? 0) | found | (own.zeros[word] ?? 0);
    }
    // Beyond the end of a shorter image the guest reads zeros, whatever is below.
    if (end < size) markRange(hidden, Math.ceil(end / cluster), disk);
  }
  return data;
}
