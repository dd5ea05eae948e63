import type { Image } from '../fleet/image.ts';
import { bitsIn, type ClusterMap, markRange } from './cluster-map.ts';
import { type Grid, regrid } from './grid.ts';

/** The most buckets that a screen can show. */
export const MOST_BUCKETS = 2000;

/** The most units, to limit the time: disks up to 4 TiB are counted in 64 KiB, larger disks in larger units. */
const MOST_UNITS = 2 ** 26;

/**
 * What the guest reads of a disk, and from which image, along the offset: a summary that is independent of the
 * disk's size.
 */
export interface CrossSection {
  /** Bytes of the disk as the guest sees it; 0 if unknown. */
  readonly size: number;
  /** Bytes of the disk in one bucket; the last bucket may have fewer. */
  readonly bucketSize: number;
  readonly buckets: number;
  /** From the active image down. */
  readonly layers: readonly SectionLayer[];
}

export interface SectionLayer {
  readonly key: string;
  /** `null` if the image could not be inspected. */
  readonly holds: LayerBuckets | null;
  /** An image above could not be inspected and may hide some of it, so `read` is an upper bound. */
  readonly doubtful: boolean;
}

/** Bytes by bucket. */
export interface LayerBuckets {
  /** Data that the guest reads here. */
  readonly read: Float64Array;
  /** Zeros that the guest reads here: the image's own, or beyond its end. The zeros of a base count as empty. */
  readonly zeros: Float64Array;
  /** What an image above hides: data, and the image's own zeros. */
  readonly hidden: Float64Array;
}

/**
 * One pass over the maps from the active image down. Clusters of different sizes are counted in the smallest.
 *
 * @param images from the active one down
 * @param maps by image key, of the images that could be inspected
 * @param wanted buckets, 1 to `MOST_BUCKETS`; the result may have fewer
 */
export function crossSection(
  images: readonly Image[],
  maps: ReadonlyMap<string, ClusterMap>,
  wanted: number,
): CrossSection {
  const size = sizeOf(images, maps);
  const grid = gridOf(size, maps);
  const perBucket = Math.max(1, Math.ceil(grid.units / Math.min(wanted, MOST_BUCKETS)));
  const buckets = Math.ceil(grid.units / perBucket);
  const covered = new Uint32Array(Math.ceil(grid.units / 32));
  let doubtful = false;
  const layers = images.map(({ key, virtualSize }, position): SectionLayer => {
    const map = maps.get(key);
    if (map === undefined) {
      const layer = { key, holds: null, doubtful };
      doubtful = true;
      return layer;
    }
    const end = Math.min(size, virtualSize ?? size);
    const data = regrid(map.data, map.clusterSize, grid);
    const zeros = position === images.length - 1 ? null : zerosOf(map, end, grid);
    return { key, holds: bucketsOf({ grid, size, perBucket, buckets, end }, data, zeros, covered), doubtful };
  });
  return { size, bucketSize: perBucket * grid.unit, buckets, layers };
}

function sizeOf(images: readonly Image[], maps: ReadonlyMap<string, ClusterMap>): number {
  const [active] = images;
  if (active === undefined) return 0;
  const map = maps.get(active.key);
  return active.virtualSize ?? (map === undefined ? 0 : map.data.length * 32 * map.clusterSize);
}

function gridOf(size: number, maps: ReadonlyMap<string, ClusterMap>): Grid {
  const smallest = Math.min(...[...maps.values()].map(({ clusterSize }) => clusterSize));
  let unit = Number.isFinite(smallest) ? smallest : Math.max(512, size);
  while (size / unit > MOST_UNITS) unit *= 2;
  return { unit, units: Math.ceil(size / unit) };
}

/** Beyond the end of a shorter image the guest reads zeros, whatever is below. */
function zerosOf(map: ClusterMap, end: number, grid: Grid): Uint32Array {
  const zeros = regrid(map.zeros, map.clusterSize, grid);
  const units = Math.ceil(end / grid.unit);
  if (units >= grid.units) return zeros;
  const own = zeros === map.zeros ? zeros.slice() : zeros;
  markRange(own, units, grid.units);
  return own;
}

interface Buckets {
  readonly grid: Grid;
  readonly size: number;
  /** Units. */
  readonly perBucket: number;
  readonly buckets: number;
  /** Bytes of the disk up to the image's end. */
  readonly end: number;
}

/**
 * Counts the data and zeros of one image, and adds them to `covered`, which the images below it are hidden by.
 * `null` for the zeros of a base, which hide nothing.
 */
function bucketsOf(
  into: Buckets,
  ownData: Uint32Array,
  ownZeros: Uint32Array | null,
  covered: Uint32Array,
): LayerBuckets {
  const { grid, size, end } = into;
  const read = new Float64Array(into.buckets);
  const zeros = new Float64Array(into.buckets);
  const hidden = new Float64Array(into.buckets);
  for (let word = 0; word < covered.length; word++) {
    const own = before(Math.ceil(end / grid.unit), word);
    const data = (ownData[word] ?? 0) & own;
    const blank = (ownZeros?.[word] ?? 0) & before(grid.units, word) & ~data;
    if ((data | blank) === 0) continue;
    const above = covered[word] ?? 0;
    add(into, read, word, data & ~above, end);
    add(into, zeros, word, blank & ~above, size);
    // An image has nothing beyond its end that could be hidden.
    add(into, hidden, word, (data | (blank & own)) & above, end);
    covered[word] = above | data | blank;
  }
  return { read, zeros, hidden };
}

/** The bits of one word of a map for the first so many units. */
function before(units: number, word: number): number {
  const some = units - word * 32;
  return some >= 32 ? -1 : some <= 0 ? 0 : 2 ** some - 1;
}

/** Adds the bytes of the units whose bits are set in one word of a map. Units beyond `end` are not counted. */
function add(
  { grid, perBucket }: Buckets,
  sums: Float64Array,
  word: number,
  bits: number,
  end: number,
): void {
  if (bits === 0) return;
  const first = word * 32;
  const bucket = Math.floor(first / perBucket);
  if (bucket === Math.floor((first + 31) / perBucket)) {
    sums[bucket] = (sums[bucket] ?? 0) + bitsIn(bits) * grid.unit;
  } else {
    for (let left = bits; left !== 0; left &= left - 1) {
      const at = Math.floor((first + 31 - Math.clz32(left & -left)) / perBucket);
      sums[at] = (sums[at] ?? 0) + grid.unit;
    }
  }
  const last = Math.ceil(end / grid.unit) - 1;
  if (last >>> 5 === word && (bits & (1 << (last & 31))) !== 0) {
    const at = Math.floor(last / perBucket);
    sums[at] = (sums[at] ?? 0) - ((last + 1) * grid.unit - end);
  }
}
