import { countMarked, isEmpty } from '../content/cluster-map.ts';
import { both, complement, either, noContent, readThrough, regrid } from '../content/grid.ts';
import {
  growthOf,
  inSubclusters,
  newLayout,
  smallestUnit,
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
  widest,
} from './prediction.ts';
import { rawGrowth } from './raw-growth.ts';
import type { ZeroRules } from './zero-rules.ts';
import { zeroedGrowth } from './zeroed-growth.ts';

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
  const isEmptyBelow = isEmpty(readThrough(target, images.slice(base), maps).data);
  const pieces = { unit: piece, units: Math.ceil(size / piece) };
  const inTarget = (marked: Uint32Array) => regrid(marked, piece, target);
  const unmapped = unmappedIn(facts.layouts.get(active.key), facts);
  const by = ({ room, skipped, fine }: ZeroRules): Prediction => {
    const whole = layout === undefined ? BLOCK : filledBy(layout, fine);
    const mirror = mirrored(images, merged, maps, { size, clusterSize, whole });
    const [least, likely, most] = asFew(mirror, isWhole(images, maps, Math.max(piece, whole)));
    const zeros = skipped && isEmptyBelow ? noContent(target).data : inTarget(either(mirror.zeros, most));
    const moved = countMarked(likely) * piece;
    if (layout === undefined) {
      const raw = (data: Uint32Array) => rawGrowth(into, maps, target, { data: inTarget(data), zeros }, room);
      return moving(between(raw(least).least, raw(likely).likely, raw(most).most), moved);
    }
    const writes = (data: Uint32Array): Writes => ({
      data: inTarget(data),
      zeros,
      ...inSubclusters(layout, data, pieces),
      virtualSize,
    });
    const growth = (data: Uint32Array) => zeroedGrowth(layout, writes(data), zeros, room);
    const more = unmappedCost(unmapped, active, piece, layout, writes(most));
    return moving(between(growth(least).least, growth(likely).likely, growth(most).most + more), moved);
  };
  return widest(facts.zeros.map(by));
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
  const unmapped = unmappedIn(facts.layouts.get(active.key), facts);
  const pieces = { unit: piece, units: Math.ceil(size / piece) };
  const by = ({ room, skipped, fine }: ZeroRules): Prediction => {
    const layout = clusterSize === null ? null : newLayout(size, clusterSize, active.traits.extendedL2);
    const whole = layout === null ? BLOCK : filledBy(layout, fine);
    // Where it can't give room back, QEMU does not mark the whole disk as zeros first, but visits all of it.
    const visitsAll = !skipped && room !== 'given-back';
    const mirror = mirrored(images, visitsAll ? 'all' : images, maps, { size, clusterSize, whole });
    const [least, likely, most] = asFew(mirror, isWhole(images, maps, Math.max(piece, whole)));
    const inTarget = (marked: Uint32Array) => regrid(marked, piece, target);
    if (layout === null || clusterSize === null) {
      // The first block is written when the file is created.
      const bytes = (data: Uint32Array) => Math.max(1, countMarked(inTarget(data))) * BLOCK;
      return between(bytes(least), bytes(likely), bytes(most) + BLOCK + unmapped * (piece / BLOCK));
    }
    const start = 3 * clusterSize + Math.ceil((layout.l1Entries * 8) / BLOCK) * BLOCK;
    const zeros = skipped
      ? noContent(target).data
      : inTarget(complement(noContent(pieces).data, pieces.units));
    const writes = (data: Uint32Array): Writes => ({
      data: inTarget(data),
      zeros,
      ...inSubclusters(layout, data, pieces),
      virtualSize: size,
    });
    const more = unmappedCost(unmapped, active, piece, layout, writes(most));
    return between(
      start + growthOf(layout, writes(least)).least,
      start + growthOf(layout, writes(likely)).likely,
      start + growthOf(layout, writes(most)).most + more,
    );
  };
  return widest(facts.zeros.map(by));
}

/** Bytes of what zeros have to fill in an image. */
function filledBy(layout: TargetLayout, fine: boolean): number {
  return fine ? smallestUnit(layout) : layout.clusterSize;
}

/** What a mirror writes as data: least, likely, most. */
function asFew({ data, zeros, seen }: Mirrored, isExact: boolean): [Uint32Array, Uint32Array, Uint32Array] {
  return isExact ? [data, data, data] : [both(data, seen), data, either(data, zeros)];
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
