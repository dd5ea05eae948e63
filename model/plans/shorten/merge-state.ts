import type { ClusterMap } from '../../content/cluster-map.ts';
import { either, type Grid, gridFor, readThrough, regrid, without } from '../../content/grid.ts';
import { layoutAfter, type TargetLayout } from '../../content/target-layout.ts';
import { allMapped, sizesOf } from '../../cost/prediction.ts';
import { type Chain, positionOf } from '../../fleet/chain.ts';
import type { Image } from '../../fleet/image.ts';
import type { Merge } from './cheapest.ts';

/** A chain with its images' allocation maps, and the layouts of those that may be written, as far as known. */
export interface ChainState {
  readonly chain: Chain;
  readonly maps: ReadonlyMap<string, ClusterMap>;
  readonly layouts: ReadonlyMap<string, TargetLayout>;
}

/**
 * The images that a block job merges: the one that stays, and those whose data goes into it, from the topmost down.
 */
export interface Joined {
  readonly survivor: Image;
  readonly merged: readonly Image[];
}

/** `null` if an image of the block job is not in the chain. */
export function joinedBy(chain: Chain, merge: Merge): Joined | null {
  const { images } = chain;
  const base = merge.base === null ? images.length : positionOf(chain, merge.base);
  const top = merge.kind === 'commit' ? positionOf(chain, merge.top) : 0;
  if (base === -1 || top === -1) return null;
  const survivor = merge.kind === 'pull' ? images[0] : images[base];
  if (survivor === undefined) return null;
  return { survivor, merged: merge.kind === 'pull' ? images.slice(1, base) : images.slice(top, base) };
}

/** The chain after a block job. @param growth bytes that the written image is expected to grow by */
export function chainAfter(chain: Chain, merge: Merge, growth: number | null): Chain {
  const joined = joinedBy(chain, merge);
  if (joined === null) return chain;
  const { survivor, merged } = joined;
  const written: Image = {
    ...survivor,
    virtualSize: sizeAfter(merge, joined),
    allocated: survivor.allocated === null || growth === null ? null : survivor.allocated + growth,
  };
  const images = chain.images
    .filter((image) => !merged.includes(image))
    .map((image) => (image === survivor ? written : image));
  return { images };
}

function sizeAfter(merge: Merge, { survivor, merged: [first] }: Joined): number | null {
  return merge.kind === 'pull' ? survivor.virtualSize : longest(survivor, first);
}

/**
 * The state after a block job, from which the next one can be predicted. If the written image could not be
 * inspected before, its content is unknown afterwards too.
 * @param growth bytes that the written image is expected to grow by
 * @param keepsZeros whether a commit of images below the active one keeps zeros
 */
export function stateAfter(
  state: ChainState,
  merge: Merge,
  growth: number | null,
  keepsZeros: boolean,
): ChainState {
  const joined = joinedBy(state.chain, merge);
  if (joined === null) return state;
  const { survivor, merged } = joined;
  const size = sizeAfter(merge, joined);
  const maps = new Map(state.maps);
  const layouts = new Map(state.layouts);
  const kind = merge.kind === 'commit' && keepsZeros ? 'active-commit' : merge.kind;
  const map = mergedMap(kind, survivor, merged, size, state.maps);
  const layout = state.layouts.get(survivor.key);
  if (map === null) maps.delete(survivor.key);
  else maps.set(survivor.key, map);
  if (map === null || layout === undefined || size === null) layouts.delete(survivor.key);
  else {
    const clusters: Grid = { unit: layout.clusterSize, units: Math.ceil(size / layout.clusterSize) };
    const inClusters = (bits: Uint32Array) => regrid(bits, map.clusterSize, clusters);
    layouts.set(
      survivor.key,
      layoutAfter(layout, { data: inClusters(map.data), zeros: inClusters(map.zeros), virtualSize: size }),
    );
  }
  return { chain: chainAfter(state.chain, merge, growth), maps, layouts };
}

function longest(a: Image, b: Image | undefined): number | null {
  if (b === undefined) return a.virtualSize;
  return a.virtualSize === null || b.virtualSize === null ? null : Math.max(a.virtualSize, b.virtualSize);
}

function mergedMap(
  kind: Merge['kind'],
  survivor: Image,
  merged: readonly Image[],
  size: number | null,
  maps: ReadonlyMap<string, ClusterMap>,
): ClusterMap | null {
  const own = maps.get(survivor.key);
  if (own === undefined || size === null || !allMapped(merged, maps)) return null;
  const { clusterSize } = own;
  const target: Grid = { unit: clusterSize, units: Math.ceil(size / clusterSize) };
  const grid = gridFor(size, [clusterSize, ...sizesOf(merged, maps)]);
  const content = readThrough(grid, merged, maps);
  const data = regrid(content.data, grid.unit, target);
  const zeros = regrid(content.zeros, grid.unit, target);
  const ownData = regrid(own.data, clusterSize, target);
  const ownZeros = regrid(own.zeros, clusterSize, target);
  switch (kind) {
    case 'pull': {
      const present = either(ownData, ownZeros);
      const all = either(ownData, without(data, present));
      return { clusterSize, data: all, zeros: without(either(ownZeros, without(zeros, present)), all) };
    }
    case 'commit': {
      // Zeros become data.
      const all = either(ownData, either(data, zeros));
      return { clusterSize, data: all, zeros: without(ownZeros, all) };
    }
    case 'active-commit': {
      const all = either(ownData, data);
      return { clusterSize, data: all, zeros: without(either(ownZeros, zeros), all) };
    }
  }
}
