import { bitsIn, countMarked } from '../content/cluster-map.ts';
import { both, either, regrid, without } from '../content/grid.ts';
import {
  growthOf,
  inSubclusters,
  newLayout,
  type TargetLayout,
  type Writes,
} from '../content/target-layout.ts';
import type { Chain } from '../fleet/chain.ts';
import type { Image } from '../fleet/image.ts';
import { mostCommitted } from './commit-cost.ts';
import { mostCopied } from './copy-cost.ts';
import { DEFAULT_CLUSTER } from './cost.ts';
import { type Mirrored, mirrored, pieceOf } from './mirror.ts';
import {
  allMapped,
  BLOCK,
  between,
  bounded,
  isWhole,
  moving,
  NOTHING,
  type Prediction,
  type PredictionFacts,
  unmappedIn,
} from './prediction.ts';
import { rawGrowth } from './raw-growth.ts';

/**
 * A commit of everything above position `base`, the active image included, into the image there, with the pivot.
 */
export function predictActiveCommit(
  { images }: Chain,
  base: number,
  facts: PredictionFacts,
): Prediction | null {
  const merged = images.slice(0, base);
  const [active, into] = [merged[0], images[base]];
  const { maps } = facts;
  if (active === undefined || into === undefined) return into === undefined ? null : NOTHING;
  const layout = facts.layouts.get(into.key);
  const size = active.virtualSize;
  const isRaw = into.format === 'raw';
  if (size === null || !allMapped(images, maps) || (layout === undefined && !isRaw)) {
    return bounded(mostCommitted(merged, into, maps, true));
  }
  const clusterSize = layout?.clusterSize ?? null;
  const piece = pieceOf(clusterSize);
  const virtualSize = Math.max(size, into.virtualSize ?? 0);
  const unit = clusterSize ?? BLOCK;
  const target = { unit, units: Math.ceil(virtualSize / unit) };
  const mirror = mirrored(images, merged, maps, { size, clusterSize });
  const zeros = regrid(mirror.zeros, piece, target);
  const [least, likely, most] = asFew(mirror, isWhole(images, maps, Math.max(piece, unit)));
  const inTarget = (marked: Uint32Array) => regrid(marked, piece, target);
  const allZeros = either(zeros, inTarget(most));
  const moved = countMarked(likely) * piece;
  if (layout === undefined) return moving(rawGrowth(into, maps, target, inTarget(likely), allZeros), moved);
  const pieces = { unit: piece, units: Math.ceil(size / piece) };
  const writes = (data: Uint32Array): Writes => ({
    data: inTarget(data),
    zeros: allZeros,
    ...inSubclusters(layout, data, pieces),
    virtualSize,
  });
  // Zeros that replace data free its clusters for later writes.
  const freed = countMarked(without(both(allZeros, layout.placed), inTarget(least)));
  const fresh = without(inTarget(likely), layout.placed);
  const reused = freedBefore(without(both(zeros, layout.placed), inTarget(likely)), fresh);
  const unmapped = unmappedIn(facts.layouts.get(active.key), facts);
  const growth = between(
    growthOf(layout, writes(least)).least - freed * layout.clusterSize,
    growthOf(layout, writes(likely)).likely - Math.round(reused / 2) * layout.clusterSize,
    growthOf(layout, writes(most)).most + unmappedCost(unmapped, active, piece, layout, writes(most)),
  );
  return moving(growth, moved);
}

/** A copy of all that the guest reads into one new image, with the pivot. */
export function predictCopy(
  { images }: Chain,
  format: 'qcow2' | 'raw',
  facts: PredictionFacts,
): Prediction | null {
  const [active] = images;
  const { maps } = facts;
  const size = active?.virtualSize ?? null;
  if (active === undefined) return null;
  if (size === null || !allMapped(images, maps)) return bounded(mostCopied({ images }, maps));
  const clusterSize = format === 'raw' ? null : (active.traits.clusterSize ?? DEFAULT_CLUSTER);
  const piece = pieceOf(clusterSize);
  const unit = clusterSize ?? BLOCK;
  const target = { unit, units: Math.ceil(size / unit) };
  const mirror = mirrored(images, images, maps, { size, clusterSize });
  const few = asFew(mirror, isWhole(images, maps, Math.max(piece, unit)));
  const least = regrid(few[0], piece, target);
  const likely = regrid(few[1], piece, target);
  const most = regrid(few[2], piece, target);
  const unmapped = unmappedIn(facts.layouts.get(active.key), facts);
  if (clusterSize === null) {
    // The first block is written when the file is created.
    const bytes = (blocks: Uint32Array) => Math.max(1, countMarked(blocks)) * BLOCK;
    return between(bytes(least), bytes(likely), bytes(most) + BLOCK + unmapped * (piece / BLOCK));
  }
  const layout = newLayout(size, clusterSize, active.traits.extendedL2);
  // QEMU first marks the whole disk as zeros.
  const zeros = new Uint32Array(likely.length).fill(0xffff_ffff);
  const writes = (data: Uint32Array): Writes => ({ data, zeros, virtualSize: size });
  const start = 3 * clusterSize + Math.ceil((layout.l1Entries * 8) / BLOCK) * BLOCK;
  return between(
    start + growthOf(layout, writes(least)).least,
    start + growthOf(layout, writes(likely)).likely,
    start + growthOf(layout, writes(most)).most + unmappedCost(unmapped, active, piece, layout, writes(most)),
  );
}

/** What a mirror writes as data: least, likely, most. */
function asFew({ data, zeros, seen }: Mirrored, isExact: boolean): [Uint32Array, Uint32Array, Uint32Array] {
  return isExact ? [data, data, data] : [both(data, seen), data, either(data, zeros)];
}

/**
 * How many of the needed clusters reuse one that was freed before, in the order of the disk. QEMU has much in
 * flight at once and needs space for a whole run: in tests it reused all, none, or some.
 */
function freedBefore(freed: Uint32Array, wanted: Uint32Array): number {
  let [free, reused] = [0, 0];
  for (let word = 0; word < freed.length; word++) {
    free += bitsIn(freed[word] ?? 0);
    const found = Math.min(free, bitsIn(wanted[word] ?? 0));
    free -= found;
    reused += found;
  }
  return reused;
}

function unmappedCost(
  unmapped: number,
  active: Image,
  piece: number,
  layout: TargetLayout,
  { data }: Writes,
): number {
  if (unmapped === 0) return 0;
  const clusters = Math.ceil(unmapped / (active.traits.clusterSize ?? DEFAULT_CLUSTER));
  const tables = Math.ceil((data.length * 32) / layout.perTable);
  return (
    (clusters * Math.max(piece / layout.clusterSize, 1) + Math.min(clusters, tables) + 1) * layout.clusterSize
  );
}
