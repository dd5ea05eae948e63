import { type ClusterMap, isMarked, mark } from '../content/cluster-map.ts';
import { type Content, type Grid, gridFor, noContent, readThrough } from '../content/grid.ts';
import { spansOf } from '../content/l2-slice.ts';
import type { Image } from '../fleet/image.ts';

/** Bytes that QEMU's pull copies at once (`STREAM_CHUNK`, block/stream.c). */
const CHUNK = 512 * 1024;
/** The most units, to limit the time. */
export const MOST_UNITS = 2 ** 25;

/**
 * Which of the `wanted` clusters of the target a pull writes as data. It copies run by run, each as far as one
 * query to one image goes, rounded to whole clusters of the target. It leaves zeros only if all of such a piece
 * reads as zeros. `null` for a disk that is too large for this.
 * @param merged the images that are pulled, the topmost first
 * @param present clusters that the target already has
 * @param data clusters of the target in which data is read below it
 */
export function pulledAsData(
  merged: readonly Image[],
  maps: ReadonlyMap<string, ClusterMap>,
  { size, clusterSize }: { size: number; clusterSize: number },
  present: Uint32Array,
  data: Uint32Array,
): Uint32Array | null {
  const sizes = merged.map(({ key }) => maps.get(key)?.clusterSize ?? clusterSize);
  const grid = gridFor(size, [clusterSize, ...sizes]);
  if (grid.units > MOST_UNITS) return null;
  const holders = holdersOf(grid, merged, maps);
  const spans = spansOf(merged);
  const ratio = clusterSize / grid.unit;
  const done = present.slice();
  const out: Content = noContent({ unit: clusterSize, units: Math.ceil(size / clusterSize) });
  const isDone = (at: number) => isMarked(done, Math.floor(at / ratio));
  for (let at = 0; at < grid.units; ) {
    const holder = holders[at] ?? 0;
    if (holder === 0 || isDone(at)) {
      at++;
      continue;
    }
    const span = (spans[holder >>> 1] ?? size) / grid.unit;
    const most = Math.min(grid.units, at + CHUNK / grid.unit);
    let end = at + 1;
    while (end < most && end % span !== 0 && holders[end] === holder && !isDone(end)) end++;
    copy(Math.floor(at / ratio), Math.ceil(end / ratio), done, data, out.data);
    at = end;
  }
  return out.data;
}

/** Copies the clusters that are not present, a run at a time. */
function copy(from: number, end: number, done: Uint32Array, data: Uint32Array, out: Uint32Array): void {
  for (let at = from; at < end; ) {
    if (isMarked(done, at)) {
      at++;
      continue;
    }
    let next = at;
    let some = false;
    for (; next < end && !isMarked(done, next); next++) some ||= isMarked(data, next);
    for (; at < next; at++) {
      mark(done, at);
      if (some) mark(out, at);
    }
  }
}

/** For each unit, the first image with content, counted from 1, times 2, plus 1 if that is data; 0 for none. */
export function holdersOf(
  grid: Grid,
  merged: readonly Image[],
  maps: ReadonlyMap<string, ClusterMap>,
): Uint8Array {
  const holders = new Uint8Array(grid.units);
  merged.forEach((image, index) => {
    // QEMU treats everything beyond the end of the image below the active one as done.
    const { data, zeros } = readThrough(grid, [image], maps, () => index > 0);
    const named = Math.min(127, index + 1) * 2;
    for (let at = 0; at < grid.units; at++) {
      if (holders[at] !== 0) continue;
      // In a raw image it does not search for holes (`raw_co_block_status`, block/file-posix.c, without `want_zero`).
      if (isMarked(data, at) && image.format !== 'raw') holders[at] = named + 1;
      else if (isMarked(data, at)) holders[at] = named;
      else if (isMarked(zeros, at)) holders[at] = named;
    }
  });
  return holders;
}
