import {
  addBits,
  type ClusterMap,
  countMarked,
  emptyMap,
  isEmpty,
  isMarked,
  mark,
  marked,
  markRange,
} from '../content/cluster-map.ts';
import { activeOf, type Chain } from '../fleet/chain.ts';
import type { Image } from '../fleet/image.ts';

export const DEFAULT_CLUSTER = 65536;
/**
 * With more clusters than this in the active image, its clusters are not counted: 16 TiB of 64 KiB, 128 GiB of 512
 * bytes.
 */
export const MOST_CLUSTERS = 2 ** 28;

/**
 * Bytes that QEMU's pull copies at once (`STREAM_CHUNK`, block/stream.c). They stay zeros only if all of them are.
 */
const CHUNK = 512 * 1024;

/**
 * Upper bound of what a pull of these images writes into the active one, bytes, with the tables that describe it.
 * What the active image already has is not subtracted, since only its QEMU knows that. An image that is not in
 * `maps` counts as full: its allocation says little, because compressed data is smaller than what is written.
 * `null` if a virtual size is unknown.
 */
export function mostPulled(
  now: Chain,
  merged: readonly Image[],
  maps: ReadonlyMap<string, ClusterMap>,
): number | null {
  const active = activeOf(now);
  if (active === null || merged.length === 0) return active === null ? null : 0;
  const size = active.virtualSize ?? largest(merged);
  if (size === null) return null;
  const cluster = active.traits.clusterSize ?? DEFAULT_CLUSTER;
  const disk = Math.ceil(size / cluster);
  const perTable = cluster / (active.traits.extendedL2 ? 16 : 8);
  if (disk > MOST_CLUSTERS) return bytes(disk, Math.ceil(disk / perTable), cluster);
  const map = mergedMap(merged, maps, size, cluster);
  return bytes(copied(map), tablesFor(map, perTable), cluster);
}

/** `null` if one of them is unknown. */
export function largest(images: readonly Image[]): number | null {
  const sizes = images.map(({ virtualSize }) => virtualSize);
  return sizes.some((size) => size === null) ? null : Math.max(...sizes.map(Number));
}

/** The data and zeros of the images together, in clusters of the image that is written. */
export function mergedMap(
  images: readonly Image[],
  maps: ReadonlyMap<string, ClusterMap>,
  size: number,
  cluster: number,
): ClusterMap {
  const disk = Math.ceil(size / cluster);
  const merged = emptyMap(size, cluster);
  for (const { key, virtualSize } of images) {
    const map = maps.get(key);
    const end = Math.min(size, virtualSize ?? size);
    if (map === undefined) markRange(merged.data, 0, Math.ceil(end / cluster));
    else {
      addBits(merged.data, cluster, map.data, map.clusterSize, disk);
      addBits(merged.zeros, cluster, map.zeros, map.clusterSize, disk);
    }
    // Beyond the end of a shorter image the guest reads zeros, whatever is below.
    if (end < size) markRange(merged.zeros, Math.floor(end / cluster), disk);
  }
  return merged;
}

/**
 * What a running guest's active image may have beyond its map, bytes: QEMU writes its tables later than the data,
 * but the file system knows the allocation. 0 for an image without a map, which counts as full anyway.
 */
export function unmappedBytes({ key, allocated }: Image, maps: ReadonlyMap<string, ClusterMap>): number {
  const map = maps.get(key);
  if (map === undefined || allocated === null) return 0;
  return Math.max(0, allocated - countMarked(map.data) * map.clusterSize);
}

/** Clusters that become data: those with data, and zeros that are copied in one piece with data. */
function copied({ data, zeros, clusterSize }: ClusterMap): number {
  if (isEmpty(zeros)) return countMarked(data);
  const reach = Math.ceil(CHUNK / clusterSize);
  const all = data.slice();
  let next = 0;
  for (const at of marked(data)) {
    for (next = Math.max(next, at - reach); next <= at + reach; next++)
      if (isMarked(zeros, next)) mark(all, next);
  }
  return countMarked(all);
}

/** L2 tables that describe these clusters, each of them this many. */
export function tablesFor({ data, zeros }: ClusterMap, perTable: number): number {
  // Even the smallest table describes more clusters than a word has bits.
  const wordsPerTable = perTable / 32;
  const tables = new Uint32Array(Math.ceil(data.length / wordsPerTable / 32));
  for (let word = 0; word < data.length; word++) {
    if (data[word] || zeros[word]) mark(tables, Math.floor(word / wordsPerTable));
  }
  return countMarked(tables);
}

/**
 * Bytes of these clusters and tables, with their refcount blocks, which are largest with 64-bit entries, and a
 * refcount table that may grow.
 */
export function bytes(data: number, tables: number, cluster: number): number {
  if (data + tables === 0) return 0;
  const perBlock = cluster / 8;
  const blocks = Math.ceil((data + tables) / (perBlock - 1)) + 1;
  const growth = Math.ceil((2 * blocks) / perBlock) + 1;
  return (data + tables + blocks + growth) * cluster;
}
