import { type ClusterMap, countMarked } from '../content/cluster-map.ts';
import {
  both,
  either,
  type Grid,
  gridFor,
  near,
  noContent,
  readThrough,
  regrid,
  without,
} from '../content/grid.ts';
import { growthOf, inSubclusters, newLayout, smallestUnit } from '../content/target-layout.ts';
import { activeOf, type Chain } from '../fleet/chain.ts';
import type { Image } from '../fleet/image.ts';
import { DEFAULT_CLUSTER, mostPulled } from './cost.ts';
import { type JobWork, workOf } from './eta.ts';
import {
  allMapped,
  between,
  bounded,
  isWhole,
  moving,
  NOTHING,
  type Prediction,
  type PredictionFacts,
  sizesOf,
  unmappedIn,
} from './prediction.ts';
import { pulledAsData } from './pull-pieces.ts';

/**
 * The most bytes that QEMU copies at once in a pull (`STREAM_CHUNK`, block/stream.c). They stay zeros only if all
 * of them are.
 */
const CHUNK = 512 * 1024;

/** A pull makes the same of zeros on every host. */
type PullFacts = Omit<PredictionFacts, 'zeros'>;

/** A pull of the images between the active one and the image at position `toward` into the active one. */
export function predictPull(now: Chain, toward: number, facts: PullFacts): Prediction | null {
  const active = activeOf(now);
  const { maps } = facts;
  const merged = now.images.slice(1, toward);
  if (active === null || merged.length === 0) return active && NOTHING;
  const pulled = pulledBy(now, toward, facts);
  if (pulled === null) return bounded(mostPulled(now, merged, maps));
  const { layout, grid, into, below, touched, data, present } = pulled;
  const { virtualSize } = layout;
  const { unit } = into;
  const reach = Math.ceil(CHUNK / unit) + 1;
  // A pull does not search for holes in a raw image, so holes near data are copied with it.
  const whole = isWhole(below, maps, unit) && merged.every(({ format }) => format !== 'raw');
  // If all clusters have one size, none is cut.
  const isUncut = below.every(({ key }) => maps.get(key)?.clusterSize === grid.unit);
  const sure = isUncut ? data : both(touched, surelyData(below, maps, grid, into));
  const clusters = { unit: layout.clusterSize, units: Math.ceil(virtualSize / layout.clusterSize) };
  const growth = (ofData: Uint32Array) =>
    growthOf(layout, {
      data: regrid(ofData, unit, clusters),
      zeros: regrid(touched, unit, clusters),
      ...inSubclusters(layout, ofData, into),
      virtualSize,
    });
  const size = { size: virtualSize, clusterSize: unit };
  const pieces = whole ? null : pulledAsData(merged, maps, size, present, data);
  const likely = growth(pieces ?? data);
  const least = sure === (pieces ?? data) ? likely : growth(sure);
  const most = whole
    ? likely
    : growth(either(data, both(without(touched, data), near(data, reach, into.units))));
  // A limit counts what is read as zeros: the holes of a raw image, the zero clusters of others.
  const limited = countMarked(touched) * unit;
  const moved = countMarked(data) * unit;
  return {
    ...moving(between(least.least - unmappedIn(layout, facts), likely.likely, most.most), moved),
    ...(limited > moved ? { limited } : {}),
  };
}

/**
 * A pull of the images down to position `toward` into an overlay that does not exist yet.
 * @param atMost upper bound of the same pull, with what only the guest's QEMU knows; `null` if unknown
 */
export function predictPullIntoNew(
  over: Chain,
  toward: number,
  atMost: number | null,
  facts: PullFacts,
): Prediction | null {
  const overlay = activeOf(over);
  const { virtualSize = null, traits } = overlay ?? {};
  if (overlay === null || virtualSize === null || traits === undefined) return bounded(atMost);
  const layout = newLayout(virtualSize, traits.clusterSize ?? DEFAULT_CLUSTER, traits.extendedL2);
  const layouts = new Map([[overlay.key, layout]]);
  const found = predictPull(over, toward, { ...facts, layouts, guestRuns: false });
  return found?.basis !== 'tables' || atMost === null
    ? bounded(atMost)
    : { ...found, ...between(found.least, found.likely, Math.max(found.most, atMost)) };
}

/** The work of the same pull, by its offset in the disk; `null` if an image could not be read. */
export function workOfPull(now: Chain, toward: number, facts: Omit<PullFacts, 'guestRuns'>): JobWork | null {
  const pulled = pulledBy(now, toward, facts);
  if (pulled === null) return null;
  const { data, touched, into } = pulled;
  const [work, limited] = [workOf(data, into.unit), workOf(touched, into.unit)];
  return limited.total > work.total ? { ...work, limited } : work;
}

/** Which clusters of the active image are written, and which it already has. */
function pulledBy(now: Chain, toward: number, { maps, layouts }: Omit<PullFacts, 'guestRuns'>) {
  const [active, ...below] = now.images;
  const merged = now.images.slice(1, toward);
  const layout = layouts.get(active?.key ?? '');
  if (active === undefined || layout === undefined || !allMapped(below, maps)) return null;
  const { clusterSize, virtualSize } = layout;
  // QEMU copies whole clusters, or whole subclusters where there are any.
  const unit = smallestUnit(layout);
  const grid = gridFor(virtualSize, [clusterSize, unit, ...sizesOf(below, maps)]);
  const into = { unit, units: Math.ceil(virtualSize / unit) };
  // QEMU treats everything beyond the end of the image below the active one as done.
  const content = readThrough(grid, merged, maps, (image) => image !== merged[0]);
  const own = maps.get(active.key);
  const present =
    own === undefined
      ? (layout.subclusters ?? layout.placed)
      : regrid(either(own.data, own.zeros), own.clusterSize, into);
  const touched = without(regrid(either(content.data, content.zeros), grid.unit, into), present);
  // Whole clusters of the target are copied, including the data of the images that stay.
  const data = both(touched, regrid(readThrough(grid, below, maps).data, grid.unit, into));
  return { layout, grid, into, below, present, touched, data };
}

/**
 * Clusters of the target that contain a whole cluster of some image. If a guest writes less than a cluster, QEMU
 * fills it with what was read there before. So a part of a cluster, cut by a smaller target cluster or left over by
 * the images above, may consist of zeros.
 */
function surelyData(
  images: readonly Image[],
  maps: ReadonlyMap<string, ClusterMap>,
  grid: Grid,
  into: Grid,
): Uint32Array {
  let sure = noContent(into).data;
  let hidden = noContent(grid).data;
  for (const image of images) {
    const map = maps.get(image.key);
    if (map === undefined) continue;
    const own = readThrough(grid, [image], maps);
    const clusters = { unit: map.clusterSize, units: map.data.length * 32 };
    const whole = without(map.data, regrid(hidden, grid.unit, clusters));
    if (map.clusterSize <= into.unit) sure = either(sure, regrid(whole, map.clusterSize, into));
    hidden = either(hidden, either(own.data, own.zeros));
  }
  return sure;
}
