import { type ClusterMap, isMarked, mark, markRange } from '../content/cluster-map.ts';
import { gridFor, noContent, readThrough } from '../content/grid.ts';
import { spansOf } from '../content/l2-slice.ts';
import type { Image } from '../fleet/image.ts';
import { allMapped, sizesOf } from './prediction.ts';
import { holdersOf, MOST_UNITS } from './pull-pieces.ts';

/** Bytes that QEMU's commit looks at at once (`COMMIT_BUFFER_SIZE`, block/commit.c). */
export const CHUNK = 512 * 1024;

/** What a commit makes of zeros in its base. */
export interface CommittedZeros {
  /** Units that it allocates for them all the same. */
  readonly filled: Uint32Array;
  /** Clusters that it makes zeros as a whole, so that their place is free. */
  readonly whole: Uint32Array;
}

/**
 * What a commit that keeps zeros makes of them. It writes them run by run, each as far as one query to one image goes.
 * Where a run fills a part of a unit, this part becomes data, unless the rest of the unit reads as zeros and has no place
 * (`qcow2_co_pwrite_zeroes`, block/qcow2.c). `null` for a disk that is too large for this.
 * @param merged the images that are committed, the topmost first
 * @param below the base and the images under it
 * @param unit bytes of the base's clusters, or subclusters
 * @param placed units that have a place in the base
 */
export function committedZeros(
  merged: readonly Image[],
  below: readonly Image[],
  maps: ReadonlyMap<string, ClusterMap>,
  { size, unit, clusterSize }: { size: number; unit: number; clusterSize: number },
  placed: Uint32Array,
): CommittedZeros | null {
  const grid = gridFor(size, [unit, ...sizesOf(merged, maps), ...sizesOf(below, maps)]);
  if (grid.units > MOST_UNITS) return null;
  const holders = holdersOf(grid, merged, maps);
  const spans = spansOf(merged);
  const ratio = unit / grid.unit;
  const known = below.filter((image) => allMapped([image], maps));
  const { data } = readThrough(grid, known, maps);
  const into = { unit, units: Math.ceil(size / unit) };
  const filled = noContent(into).data;
  const whole = noContent({ unit: clusterSize, units: Math.ceil(size / clusterSize) }).data;
  const perCluster = clusterSize / grid.unit;
  const zeroed = noContent(into).data;
  const write = (at: number, from: number, end: number) => {
    if (isMarked(zeroed, at)) return;
    const rest = range(at * ratio, Math.min(grid.units, (at + 1) * ratio));
    const isZero =
      !isMarked(placed, at) && rest.every((one) => (one >= from && one < end) || !isMarked(data, one));
    mark(isZero ? zeroed : filled, at);
  };
  for (let at = 0; at < grid.units; ) {
    const holder = holders[at] ?? 0;
    if (holder === 0) {
      at++;
      continue;
    }
    const span = (spans[holder >>> 1] ?? size) / grid.unit;
    const most = Math.min(grid.units, at + CHUNK / grid.unit);
    let end = at + 1;
    while (end < most && end % span !== 0 && holders[end] === holder) end++;
    if (holder % 2 === 0) {
      const past = end === grid.units ? Math.ceil(end / perCluster) : Math.floor(end / perCluster);
      markRange(whole, Math.ceil(at / perCluster), past);
      const [first, last] = [Math.floor(at / ratio), Math.floor(end / ratio)];
      if (at % ratio !== 0) write(first, at, end);
      if (end % ratio !== 0 && end !== grid.units && (last !== first || at % ratio === 0))
        write(last, at, end);
    }
    at = end;
  }
  return { filled, whole };
}

function range(first: number, end: number): readonly number[] {
  return Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i);
}
