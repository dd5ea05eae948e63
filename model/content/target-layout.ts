import { countMarked } from './cluster-map.ts';
import { both, either, type Grid, regrid, without } from './grid.ts';

/** How a qcow2 file is laid out that is going to be written, as its own tables say. */
export interface TargetLayout {
  /** Bytes. */
  readonly clusterSize: number;
  readonly virtualSize: number;
  /** Guest clusters that are written where they stand: data that is not compressed, and zeros that kept their room. */
  readonly placed: Uint32Array;
  readonly compressed: Uint32Array;
  /** With extended L2 entries the data by subclusters, 32 of a cluster; `null` without, or where nobody knows. */
  readonly subclusters: Uint32Array | null;
  /** Which L2 tables there are, and how many clusters each describes. */
  readonly tables: Uint32Array;
  readonly perTable: number;
  /** How many L2 tables the L1 table has entries for. */
  readonly l1Entries: number;
  /** Clusters of the file up to its end, and how many of them are free. */
  readonly end: number;
  readonly free: number;
  /** Clusters that one refcount block counts, how many of these blocks there are, and for how many there is room in their table. */
  readonly perRefcountBlock: number;
  readonly refcountBlocks: number;
  readonly mostRefcountBlocks: number;
  /** Bytes that the file takes on the file system. */
  readonly allocated: number;
}

/** What is to be written into it, in its own guest clusters. */
export interface Writes {
  readonly data: Uint32Array;
  /** Are described, but take no room themselves. */
  readonly zeros: Uint32Array;
  /** The data in subclusters, for an image that has them. */
  readonly subclusters?: Uint32Array;
  /** Bytes that the image is long afterwards. */
  readonly virtualSize: number;
}

export interface Range {
  /** Bytes. */
  readonly least: number;
  /** The best single number in between. */
  readonly likely: number;
  readonly most: number;
}

/** A fresh image of this size, in which there is a table for every part of the disk. */
export function newLayout(virtualSize: number, clusterSize: number, extendedL2: boolean): TargetLayout {
  const perTable = clusterSize / (extendedL2 ? 16 : 8);
  const l1Entries = Math.ceil(virtualSize / clusterSize / perTable);
  const perRefcountBlock = clusterSize / 2;
  return {
    clusterSize,
    virtualSize,
    placed: new Uint32Array(0),
    compressed: new Uint32Array(0),
    subclusters: null,
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
 * What the file grows by on its file system. A range where the file has free clusters, of which nobody can say whether
 * QEMU finds them before it goes to the end, where compressed clusters are freed by the writing, and with subclusters, of
 * which those that nobody writes stay holes.
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
  // A free cluster whose room was given back to the file system takes it again.
  const used = (layout.end - free) * clusterSize;
  const kept = Math.min(free, Math.max(0, Math.ceil((layout.allocated - used) / clusterSize))) + released;
  const fresh = appended(layout, wanted - reused + l1.least, 'least') + Math.max(0, reused - kept);
  const least = fresh * clusterSize;
  if (writes.subclusters === undefined || layout.subclusters === null) return { least, likely: most, most };
  const written = (countMarked(without(writes.subclusters, layout.subclusters)) * clusterSize) / SUBCLUSTERS;
  const sparse = least - clusters * clusterSize + written;
  return { least: Math.max(0, Math.min(least, sparse)), likely: sparse, most: most + written };
}

/** The layout once all this is written, where free clusters are not found again. */
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

/** Of a cluster, where there are any. */
export const SUBCLUSTERS = 32;

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

/** Which L2 tables are made. */
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
  // The refcounts' table moves to where there is room for a larger one; the old one's clusters are free then.
  const table = Math.ceil((blocks * 8) / clusterSize);
  const old = Math.ceil((mostRefcountBlocks * 8) / clusterSize);
  return bound === 'least' ? fresh + table - old : fresh + 2 * table + 2;
}

/** Clusters that a longer L1 table takes; the old one's are free afterwards. */
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
