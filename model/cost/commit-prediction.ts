import { countMarked } from '../content/cluster-map.ts';
import { either, gridFor, noContent, readThrough, regrid } from '../content/grid.ts';
import { growthOf, inSubclusters } from '../content/target-layout.ts';
import type { Chain } from '../fleet/chain.ts';
import { mostCommitted } from './commit-cost.ts';
import { type Work, workOf } from './eta.ts';
import {
  allMapped,
  BLOCK,
  between,
  bounded,
  moving,
  NOTHING,
  type Prediction,
  type PredictionFacts,
  sizesOf,
} from './prediction.ts';
import { rawGrowth } from './raw-growth.ts';

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
  const [first, into] = [merged[0], images[base]];
  const { maps } = facts;
  if (first === undefined || into === undefined) return into === undefined ? null : NOTHING;
  const layout = facts.layouts.get(into.key);
  const size = first.virtualSize;
  const isRaw = into.format === 'raw';
  if (size === null || !allMapped([...merged, into], maps) || (layout === undefined && !isRaw)) {
    return bounded(mostCommitted(merged, into, maps, false));
  }
  const unit = layout?.clusterSize ?? BLOCK;
  const grid = gridFor(size, [unit, ...sizesOf(merged, maps)]);
  const target = { unit, units: Math.ceil(Math.max(size, into.virtualSize ?? 0) / unit) };
  const content = readThrough(grid, merged, maps);
  // Zeros become data.
  const written = either(content.data, content.zeros);
  const moved = countMarked(written) * grid.unit;
  const data = regrid(written, grid.unit, target);
  if (layout === undefined) {
    return moving(rawGrowth(into, maps, target, data, noContent(target).data), moved);
  }
  const virtualSize = Math.max(size, layout.virtualSize);
  const growth = growthOf(layout, {
    data,
    zeros: noContent(target).data,
    ...inSubclusters(layout, written, grid),
    virtualSize,
  });
  return moving(between(growth.least, growth.likely, growth.most), moved);
}

/** The work of the same commit, by its offset in the disk; `null` if an image could not be read. */
export function workOfCommit(
  { images }: Chain,
  top: number,
  base: number,
  { maps }: PredictionFacts,
): Work | null {
  const merged = images.slice(top, base);
  const size = merged[0]?.virtualSize ?? null;
  const [unit, ...units] = sizesOf(merged, maps);
  if (size === null || unit === undefined || !allMapped(merged, maps)) return null;
  const grid = gridFor(size, [unit, ...units]);
  const content = readThrough(grid, merged, maps);
  return workOf(either(content.data, content.zeros), grid.unit);
}
