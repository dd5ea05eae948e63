import type { ClusterMap } from '../content/cluster-map.ts';
import { isEmpty, isMarked, mark } from '../content/cluster-map.ts';
import {
  type Content,
  complement,
  either,
  gridFor,
  noContent,
  readThrough,
  regrid,
  without,
} from '../content/grid.ts';
import { spansOf } from '../content/l2-slice.ts';
import type { Image } from '../fleet/image.ts';

/**
 * The size of the pieces that QEMU mirrors: the target's clusters, within these bounds
 * (`bdrv_get_default_bitmap_granularity`).
 */
const SMALLEST = 4096;
const LARGEST = 65536;
/** Bytes that it processes at once (`DEFAULT_MIRROR_BUF_SIZE`, block/mirror.c). */
const AT_ONCE = 16 * 2 ** 20;

export interface Mirrored extends Content {
  /** Pieces in which data is read. */
  readonly seen: Uint32Array;
}

/** Bytes; a target without clusters is written in the largest pieces. */
export function pieceOf(clusterSize: number | null): number {
  return clusterSize === null ? LARGEST : Math.max(SMALLEST, Math.min(LARGEST, clusterSize));
}

/**
 * Which pieces of the disk a mirror writes as data and which as zeros. It visits the pieces in which an image of
 * `merged` has content, or all. It writes a run of zeros as zeros if one query to one image shows the run and it
 * fills whole clusters of the target, and as data otherwise (`mirror_iteration`, block/mirror.c).
 * @param images all of the chain, from the active one down
 * @param whole bytes of what zeros have to fill in the target: clusters, or subclusters
 */
export function mirrored(
  images: readonly Image[],
  merged: readonly Image[] | 'all',
  maps: ReadonlyMap<string, ClusterMap>,
  { size, clusterSize, whole }: { size: number; clusterSize: number | null; whole: number },
): Mirrored {
  const piece = pieceOf(clusterSize);
  const pieces = { unit: piece, units: Math.ceil(size / piece) };
  const sizes = images.map(({ key }) => maps.get(key)?.clusterSize ?? piece);
  const grid = gridFor(size, [piece, ...sizes]);
  const seen = regrid(readThrough(grid, images, maps).data, grid.unit, pieces);
  const content = merged === 'all' ? null : readThrough(grid, merged, maps);
  const touched = content && regrid(either(content.data, content.zeros), grid.unit, pieces);
  const none = noContent(pieces);
  // If data is read in all of them, there are no zeros to find.
  if (touched !== null && isEmpty(without(touched, seen))) return { ...none, data: touched, seen };
  const glances = zerosAtOneGlance(images, maps, grid.unit, size, pieces.units, piece);
  const spans = spansOf(images);
  const alignment = Math.max(1, whole / piece);
  const out = { ...none, seen };
  const isDirty = (at: number) => at < pieces.units && (touched === null || isMarked(touched, at));
  for (let at = 0; at < pieces.units; ) {
    if (!isDirty(at)) {
      at++;
      continue;
    }
    let end = at + 1;
    while (isDirty(end) && (end - at) * piece < AT_ONCE) end++;
    while (at < end) {
      const glance = isMarked(seen, at) ? 0 : (glances[at] ?? 0);
      let next = at + 1;
      if (glance !== 0) {
        const span = (spans[glance] ?? size) / piece;
        while (next < end && next % span !== 0 && !isMarked(seen, next) && glances[next] === glance) next++;
      }
      const isWhole = at % alignment === 0 && next % alignment === 0;
      const into = glance !== 0 && isWhole ? out.zeros : out.data;
      for (; at < next; at++) mark(into, at);
    }
  }
  return out;
}

/**
 * For each piece that reads as zeros, the image that has these zeros, counted from 1. 0 if several do: QEMU then
 * asks for less than a piece and takes it for data.
 */
function zerosAtOneGlance(
  images: readonly Image[],
  maps: ReadonlyMap<string, ClusterMap>,
  unit: number,
  size: number,
  count: number,
  piece: number,
): Uint8Array {
  const grid = { unit, units: Math.ceil(size / unit) };
  const pieces = { unit: piece, units: count };
  const glances = new Uint8Array(count).fill(255);
  const open = new Uint32Array(Math.ceil(count / 32)).fill(0xffff_ffff);
  images.forEach((image, index) => {
    const own = readThrough(grid, [image], maps);
    const all = either(own.data, own.zeros);
    const some = regrid(all, unit, pieces);
    // A part of a piece that has no content counts as content of no image.
    const gaps = unit === piece ? null : regrid(complement(all, grid.units), unit, pieces);
    for (let word = 0; word < open.length; word++) {
      const found = (some[word] ?? 0) & (open[word] ?? 0);
      if (found === 0) continue;
      open[word] = (open[word] ?? 0) & ~found;
      for (let left = found; left !== 0; left &= left - 1) {
        const at = word * 32 + 31 - Math.clz32(left & -left);
        glances[at] = gaps !== null && isMarked(gaps, at) ? 0 : Math.min(254, index + 1);
      }
    }
  });
  // The last piece may be cut by the end of the disk.
  if (size % piece !== 0) glances[count - 1] = 0;
  return glances;
}
