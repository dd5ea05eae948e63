import type { ClusterMap } from '../content/cluster-map.ts';
import type { Range, TargetLayout } from '../content/target-layout.ts';
import type { Capabilities } from '../fleet/capabilities.ts';
import type { Disk } from '../fleet/disk.ts';
import type { Image } from '../fleet/image.ts';
import { DEFAULT_CLUSTER } from './cost.ts';
import { type ZeroRules, zeroRules } from './zero-rules.ts';

/**
 * What an image that is written will grow by, bytes on its file system. What the guest writes meanwhile comes on
 * top. All bounds are the same if the images' tables leave no doubt. Data counts as data: a pull writes data that
 * consists of zeros as zeros, which only reading all of it would show.
 */
export interface Prediction extends Range {
  readonly basis: Basis;
  /** Bytes that a speed limit counts, if they are more than what is copied: also zeros. */
  readonly limited?: number;
  /** Bytes that are copied, if the image grows by less: overwriting what it has takes no space. */
  readonly moved?: number;
}

/** The bytes that are copied, with the same uncertainty as the growth. */
export function movedBy(prediction: Prediction): Range {
  const { least, likely, most, moved = likely } = prediction;
  return { least: Math.max(0, moved - (likely - least)), likely: moved, most: moved + (most - likely) };
}

/** The same prediction with these copied bytes. */
export function moving(prediction: Prediction, moved: number): Prediction {
  return moved > prediction.likely ? { ...prediction, moved } : prediction;
}

/**
 * What a prediction is made from. Allocations alone give no more than an upper bound, which is then the likely
 * number too.
 */
export type Basis = 'tables' | 'qemu-img-map' | 'allocations';

export interface PredictionFacts {
  /** Allocation maps by image key, as far as known. */
  readonly maps: ReadonlyMap<string, ClusterMap>;
  /** The layouts of the qcow2 image that is written and of the active one, by image key. */
  readonly layouts: ReadonlyMap<string, TargetLayout>;
  /** Whether a guest writes the active image. Its tables are then older than its data. */
  readonly guestRuns: boolean;
  /** All rules that may hold on the host; where there are several, a prediction covers all. */
  readonly zeros: readonly ZeroRules[];
}

/** Facts of a plan as they are needed here. Without layouts there are only upper bounds. */
export function predictionFacts(
  { maps, layouts = new Map(), guestRuns, capabilities }: KnownFacts,
  { discards }: Pick<Disk, 'discards'>,
): PredictionFacts {
  return { maps, layouts, guestRuns, zeros: zeroRules(capabilities, discards) };
}

interface KnownFacts extends Pick<PredictionFacts, 'maps' | 'guestRuns'> {
  readonly layouts?: PredictionFacts['layouts'];
  readonly capabilities: Capabilities;
}

/** The allocation unit of file systems, bytes. */
export const BLOCK = 4096;

/**
 * Bytes that no table tells of: file systems count the blocks of a file's extent tree as the file's own, and where there is no
 * long free run, a file has more of them.
 */
export const EXTENT_TREE = 8192;

/** What a running guest has written that is not in the tables yet, bytes. The file system knows the allocation. */
export function unmappedIn(
  layout: TargetLayout | undefined,
  { guestRuns }: Pick<PredictionFacts, 'guestRuns'>,
): number {
  if (!guestRuns || layout === undefined) return 0;
  const unmapped = layout.allocated - (layout.end - layout.free) * layout.clusterSize;
  return unmapped > EXTENT_TREE ? unmapped : 0;
}

export function allMapped(images: readonly Image[], maps: ReadonlyMap<string, ClusterMap>): boolean {
  return images.every(({ key }) => maps.has(key));
}

export function sizesOf(images: readonly Image[], maps: ReadonlyMap<string, ClusterMap>): readonly number[] {
  return images.map(({ key }) => maps.get(key)?.clusterSize ?? DEFAULT_CLUSTER);
}

/** Whether every extent of these images is made of whole clusters of this size. */
export function isWhole(
  images: readonly Image[],
  maps: ReadonlyMap<string, ClusterMap>,
  cluster: number,
): boolean {
  return images.every(
    ({ key, virtualSize }) =>
      ((maps.get(key)?.clusterSize ?? 1) % cluster) + ((virtualSize ?? 1) % cluster) === 0,
  );
}

export const NOTHING: Prediction = { least: 0, likely: 0, most: 0, basis: 'tables' };

export function between(least: number, likely: number, most: number): Prediction {
  return {
    least: Math.max(0, Math.min(least, likely)),
    likely: Math.max(0, likely),
    most: Math.max(0, likely, most),
    basis: 'tables',
  };
}

export function bounded(most: number | null): Prediction | null {
  return most === null ? null : { least: 0, likely: most, most, basis: 'allocations' };
}

/**
 * What several jobs write together; `null` if one of them can't be predicted. Its basis is the weakest of theirs.
 */
export function together(all: readonly (Prediction | null)[]): Prediction | null {
  return all.reduce<Prediction | null>(
    (sum, one) =>
      sum &&
      one && {
        least: sum.least + one.least,
        likely: sum.likely + one.likely,
        most: sum.most + one.most,
        basis: weaker(sum.basis, one.basis),
        ...(sum.limited === undefined && one.limited === undefined
          ? {}
          : { limited: (sum.limited ?? sum.likely) + (one.limited ?? one.likely) }),
        ...(sum.moved === undefined && one.moved === undefined
          ? {}
          : { moved: movedBy(sum).likely + movedBy(one).likely }),
      },
    NOTHING,
  );
}

/** The range that holds whichever of these is right, with the dearest as the likely one; `null` if one is unknown. */
export function widest(all: readonly (Prediction | null)[]): Prediction | null {
  return all.reduce<Prediction | null>((a, b) => {
    if (a === null || b === null) return null;
    const { likely, moved, limited } = b.likely > a.likely ? b : a;
    return {
      least: Math.min(a.least, b.least),
      likely,
      most: Math.max(a.most, b.most),
      basis: weaker(a.basis, b.basis),
      ...(moved === undefined ? {} : { moved }),
      ...(limited === undefined ? {} : { limited }),
    };
  }, all[0] ?? null);
}

const BASES: readonly Basis[] = ['allocations', 'qemu-img-map', 'tables'];

export function weaker(a: Basis, b: Basis): Basis {
  return BASES.indexOf(a) < BASES.indexOf(b) ? a : b;
}

/** The same with this uncertainty added on both sides, bytes. */
export function lessSure(before: Prediction, doubt: number): Prediction {
  const { least, most } = before;
  return { ...before, least: Math.max(0, least - doubt), most: most + doubt };
}
