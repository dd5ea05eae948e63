import { countMarked } from './cluster-map.ts';
import { both, either, type Grid, regrid, without } from './grid.ts';

/** The layout of a qcow2 file that will be written, by its own tables. */
export interface TargetLayout {
  /** Bytes. */
  readonly clusterSize: number;
  readonly virtualSize: number;
  /**
   * Guest clusters that are overwritten in place: data that is not compressed, and zeros that kept their clusters.
   */
  readonly placed: Uint32Array;
  readonly compressed: Uint32Array;
  /** With extended L2 entries, the data by subclusters, 32 in a cluster; `null` without, or if unknown. */
  readonly subclusters: Uint32Array | null;
  /** Which L2 tables exist, and how many clusters each describes. */
  readonly tables: Uint32Array;
  readonly perTable: number;
  /** How many L2 tables the L1 table has entries for. */
  readonly l1Entries: number;
  /** Clusters of the file up to its end, and how many of them are free. */
  readonly end: number;
  readonly free: number;
  /** How many clusters one refcount block counts, how many blocks there are, and how many fit into their table. */
  readonly perRefcountBlock: number;
  readonly refcountBlocks: number;
  readonly mostRefcountBlocks: number;
  /** Bytes that the file takes on the file system. */
  readonly allocated: number;
}

/** What is to be written into it, in its own guest clusters. */
export interface Writes {
  readonly data: Uint32Array;
  /** Clusters that are described but take no space. */
  readonly zeros: Uint32Array;
  /** The data in subclusters, for an image that has them. */
  readonly subclusters?: Uint32Array;
  /** Virtual size afterwards, bytes. */
  readonly virtualSize: number;
}

export interface Range {
  /** Bytes. */
  readonly least: number;
  /** The best single number in between. */
  readonly likely: number;
  readonly most: number;
}

/** A new image of this size, with a table for every part of the disk. */
export function newLayout(virtualSize: number, clusterSize: number, extendedL2: boolean): TargetLayout {
  const perTable = clusterSize / (extendedL2 ? 16 : 8);
  const l1Entries = Math.ceil(virtualSize / clusterSize / perTable);
  const perRefcountBlock = clusterSize / 2;
  return {
    clusterSize,
    virtualSize,
    placed: new Uint32Array(0),
    compressed: new Uint32Array(0),
    subclusters: extendedL2 ? new Uint32Array(0) : null,
    tables: new Uint32Array(0),
    perTable,
    l1Entries,
    // The header, the refcounts' table and its first block, the L1 table.
    end: 3 + Math.ceil((l1Entries * 8) / clusterSize),
    free: 0,
    perRefcountBlock,
    refcountBlocks: 1,
    mostRefcountBlocks: clusterSize / 8,
    allocated: 0,
  };
}

/**
 * What the file grows by on its file system. It is a range if the file has free clusters, because it is unknown
 * whether QEMU finds them before it writes at the end. It is also a range if writing frees compressed clusters, and
 * with subclusters, because unwritten ones stay holes.
 */
export function growthOf(layout: TargetLayout, writes: Writes): Range {
  const { clusterSize, free } = layout;
  const clusters = countMarked(without(writes.data, layout.placed));
  const described = Math.ceil(writes.virtualSize / clusterSize / layout.perTable);
  const wanted = clusters + countMarked(newTables(layout, writes, described));
  const l1 = l1Growth(layout, described);
  const most = appended(layout, wanted + l1.most, 'most') * clusterSize;
  const released = countMarked(both(writes.data, layout.compressed));
  const reused = Math.min(wanted, free + released);
  // A free cluster whose space was returned to the file system takes it again.
  const used = (layout.end - free) * clusterSize;
  const kept = Math.min(free, Math.max(0, Math.ceil((layout.allocated - used) / clusterSize))) + released;
  const fresh = appended(layout, wanted - reused + l1.least, 'least') + Math.max(0, reused - kept);
  const least = fresh * clusterSize;
  if (writes.subclusters === undefined || layout.subclusters === null) return { least, likely: most, most };
  const fine = clusterSize / SUBCLUSTERS;
  const added = without(writes.subclusters, layout.subclusters);
  const written = countMarked(added) * fine;
  // A place in the file may have kept its room though there is no data in it.
  const grid = { unit: fine, units: writes.subclusters.length * 32 };
  const sure = countMarked(without(added, regrid(layout.placed, clusterSize, grid))) * fine;
  const sparse = least - clusters * clusterSize;
  return {
    least: Math.max(0, Math.min(least, sparse + sure)),
    likely: sparse + written,
    most: most + written - sure,
  };
}

/** The layout after all this is written, if free clusters are not reused. */
export function layoutAfter(layout: TargetLayout, writes: Writes): TargetLayout {
  const { clusterSize, perTable } = layout;
  const described = Math.ceil(writes.virtualSize / clusterSize / perTable);
  const tables = newTables(layout, writes, described);
  const wanted = countMarked(without(writes.data, layout.placed)) + countMarked(tables);
  const added = appended(layout, wanted, 'most');
  return {
    ...layout,
    virtualSize: writes.virtualSize,
    placed: either(writes.data, layout.placed),
    compressed: without(layout.compressed, writes.data),
    subclusters: null,
    tables: either(tables, layout.tables),
    l1Entries: Math.max(layout.l1Entries, described),
    end: layout.end + added,
    refcountBlocks: layout.refcountBlocks + added - wanted,
    allocated: layout.allocated + added * clusterSize,
  };
}

/** Subclusters of a cluster, if there are any. */
export const SUBCLUSTERS = 32;

/** Bytes of what has a state of its own in an image, as far as known: data, zeros, or neither. */
export function smallestUnit({ clusterSize, subclusters }: TargetLayout): number {
  return subclusters === null ? clusterSize : clusterSize / SUBCLUSTERS;
}

/** The same data in subclusters, for an image that has them. */
export function inSubclusters(
  { clusterSize, virtualSize, subclusters }: TargetLayout,
  bits: Uint32Array,
  grid: Grid,
): { subclusters?: Uint32Array } {
  if (subclusters === null) return {};
  const unit = clusterSize / SUBCLUSTERS;
  const units = Math.ceil(Math.max(virtualSize, grid.unit * grid.units) / unit);
  return { subclusters: regrid(bits, grid.unit, { unit, units }) };
}

/** Which L2 tables are created. */
function newTables(
  { tables, perTable }: TargetLayout,
  { data, zeros }: Writes,
  described: number,
): Uint32Array {
  const grid: Grid = { unit: perTable, units: described };
  return without(either(regrid(data, 1, grid), regrid(zeros, 1, grid)), tables);
}

/** Clusters at the end of the file that this many new ones take, with the refcount blocks that count them. */
function appended(layout: TargetLayout, wanted: number, bound: 'least' | 'most'): number {
  if (wanted === 0) return 0;
  const { end, perRefcountBlock, refcountBlocks, mostRefcountBlocks, clusterSize } = layout;
  let blocks = refcountBlocks;
  while (blocks * perRefcountBlock < end + wanted + (blocks - refcountBlocks)) blocks++;
  const fresh = wanted + blocks - refcountBlocks;
  if (blocks <= mostRefcountBlocks) return fresh;
  // The refcount table moves to the end, where a larger one fits; its old clusters are then free.
  const table = Math.ceil((blocks * 8) / clusterSize);
  const old = Math.ceil((mostRefcountBlocks * 8) / clusterSize);
  return bound === 'least' ? fresh + table - old : fresh + 2 * table + 2;
}

/** Clusters that a longer L1 table takes; those of the old one are free afterwards. */
function l1Growth(
  { l1Entries, clusterSize }: TargetLayout,
  described: number,
): { least: number; most: number } {
  if (described <= l1Entries) return { least: 0, most: 0 };
  let entries = Math.max(1, l1Entries);
  // As QEMU does it (`qcow2_grow_l1_table`).
  while (entries < described) entries = Math.ceil((entries * 3) / 2);
  const fresh = Math.ceil((entries * 8) / clusterSize);
  const old = Math.ceil((l1Entries * 8) / clusterSize);
  return { least: Math.max(0, fresh - old), most: fresh };
}
