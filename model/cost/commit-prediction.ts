import { countMarked } from '../content/cluster-map.ts';
import {
  complement,
  either,
  type Grid,
  gridFor,
  noContent,
  readThrough,
  regrid,
  without,
} from '../content/grid.ts';
import { growthOf, inSubclusters, type Range, smallestUnit } from '../content/target-layout.ts';
import type { Chain } from '../fleet/chain.ts';
import type { Image } from '../fleet/image.ts';
import { mostCommitted } from './commit-cost.ts';
import { CHUNK, committedZeros } from './commit-pieces.ts';
import { type JobWork, workOf } from './eta.ts';
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
  sizesOf,
  widest,
} from './prediction.ts';
import { rawGrowth } from './raw-growth.ts';
import type { ZeroRules } from './zero-rules.ts';
import { zeroedGrowth } from './zeroed-growth.ts';

/**
 * A commit of the images from position `top` down to just above position `base` into the image at `base`; `top` is
 * not the active image.
 */
export function predictCommit(
  { images }: Chain,
  top: number,
  base: number,
  facts: PredictionFacts,
): Prediction | null {
  const merged = images.slice(top, base);
  const [into, ...below] = images.slice(base);
  const { maps } = facts;
  if (into === undefined) return null;
  if (merged.length === 0) return NOTHING;
  const bound = () => bounded(mostCommitted(merged, into, maps, false));
  return widest(
    facts.zeros.map((rules) =>
      rules.committed
        ? (withZeros(merged, into, below, facts, rules) ?? bound())
        : (asData(merged, into, facts) ?? bound()),
    ),
  );
}

/** Where zeros become data; `null` if something is unknown. */
function asData(
  merged: readonly Image[],
  into: Image,
  { maps, layouts }: PredictionFacts,
): Prediction | null {
  const target = targetOf(merged, into, maps, layouts);
  if (target === null) return null;
  const { grid, content, layout, units } = target;
  const written = either(content.data, content.zeros);
  const moved = countMarked(written) * grid.unit;
  const data = regrid(written, grid.unit, units);
  const none = noContent(units).data;
  if (layout === undefined) {
    return moving(rawGrowth(into, maps, units, { data, zeros: none }, 'given-back'), moved);
  }
  const writes = {
    data,
    zeros: none,
    ...inSubclusters(layout, written, grid),
    virtualSize: target.virtualSize,
  };
  const growth = growthOf(layout, writes);
  return moving(between(growth.least, growth.likely, growth.most), moved);
}

/** Where zeros stay zeros as far as they fill whole clusters; `null` if something is unknown. */
function withZeros(
  merged: readonly Image[],
  into: Image,
  below: readonly Image[],
  { maps, layouts }: PredictionFacts,
  { room }: ZeroRules,
): Prediction | null {
  const target = targetOf(merged, into, maps, layouts);
  if (target === null) return null;
  const { grid, content, layout, units, virtualSize } = target;
  const moved = countMarked(content.data) * grid.unit;
  const limited = countMarked(either(content.data, content.zeros)) * grid.unit;
  const copied = ({ least, likely, most }: Range) => ({
    ...moving(between(least, likely, most), moved),
    ...(limited > moved ? { limited } : {}),
  });
  if (layout === undefined) {
    const data = regrid(content.data, grid.unit, units);
    const zeros = without(regrid(content.zeros, grid.unit, units), data);
    return copied(rawGrowth(into, maps, units, { data, zeros }, room));
  }
  const unit = smallestUnit(layout);
  const fine = { unit, units: Math.ceil(virtualSize / unit) };
  const data = regrid(content.data, grid.unit, fine);
  const zeros = without(regrid(content.zeros, grid.unit, fine), data);
  const compressed = regrid(layout.compressed, layout.clusterSize, fine);
  const placed = either(layout.subclusters ?? layout.placed, compressed);
  const isUncut = unit <= CHUNK && isWhole(merged, maps, unit);
  const size = { size: virtualSize, unit, clusterSize: layout.clusterSize };
  const isExact = isUncut && layout.subclusters === null;
  const made = isExact ? null : committedZeros(merged, [into, ...below], maps, size, placed);
  const growth = (asZeros: Uint32Array, whole: Uint32Array) => {
    const filled = either(data, without(zeros, asZeros));
    const writes = {
      data: regrid(filled, unit, units),
      zeros: regrid(asZeros, unit, units),
      ...inSubclusters(layout, filled, fine),
      virtualSize,
    };
    return zeroedGrowth(layout, writes, whole, room);
  };
  const all = wholly(zeros, fine, units);
  const found = growth(made === null ? zeros : without(zeros, made.filled), made?.whole ?? all);
  if (isExact) return copied(found);
  const none = (of: Grid) => noContent(of).data;
  return copied({
    ...found,
    least: growth(zeros, all).least,
    most: growth(none(fine), none(units)).most,
  });
}

/** What is committed, and what into; `null` if something is unknown. The layout is left out for a raw image. */
function targetOf(
  merged: readonly Image[],
  into: Image,
  maps: PredictionFacts['maps'],
  layouts: PredictionFacts['layouts'],
) {
  const size = merged[0]?.virtualSize ?? null;
  const layout = layouts.get(into.key);
  if (size === null || !allMapped([...merged, into], maps)) return null;
  if (layout === undefined && into.format !== 'raw') return null;
  const unit = layout?.clusterSize ?? BLOCK;
  const grid = gridFor(size, [
    unit,
    layout === undefined ? unit : smallestUnit(layout),
    ...sizesOf(merged, maps),
  ]);
  const virtualSize = Math.max(size, layout?.virtualSize ?? into.virtualSize ?? 0);
  const units = { unit, units: Math.ceil(virtualSize / unit) };
  return { layout, grid, content: readThrough(grid, merged, maps), units, virtualSize };
}

/** Clusters in which every unit is marked. */
function wholly(marked: Uint32Array, fine: Grid, clusters: Grid): Uint32Array {
  return complement(regrid(complement(marked, fine.units), fine.unit, clusters), clusters.units);
}

/**
 * The work of the same commit, by its offset in the disk; `null` if an image could not be read. Zeros that stay zeros
 * take no time, but count for a limit.
 */
export function workOfCommit(
  { images }: Chain,
  top: number,
  base: number,
  maps: PredictionFacts['maps'],
  keepsZeros: boolean,
): JobWork | null {
  const merged = images.slice(top, base);
  const size = merged[0]?.virtualSize ?? null;
  const [unit, ...units] = sizesOf(merged, maps);
  if (size === null || unit === undefined || !allMapped(merged, maps)) return null;
  const grid = gridFor(size, [unit, ...units]);
  const content = readThrough(grid, merged, maps);
  const all = workOf(either(content.data, content.zeros), grid.unit);
  const data = keepsZeros ? workOf(content.data, grid.unit) : all;
  return data.total < all.total ? { ...data, limited: all } : all;
}
