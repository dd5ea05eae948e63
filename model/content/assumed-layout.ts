import { type ClusterMap, countMarked } from './cluster-map.ts';
import { either, type Grid, regrid } from './grid.ts';
import { newLayout, SUBCLUSTERS, type TargetLayout } from './target-layout.ts';

/** What can be known of a qcow2 file without reading its tables. */
export interface FileFacts {
  readonly virtualSize: number;
  readonly clusterSize: number;
  readonly extendedL2: boolean;
  readonly refcountBits: number;
  /** Bytes, holes too. */
  readonly length: number;
  /** Bytes on its file system. */
  readonly allocated: number;
}

/**
 * The layout of a qcow2 file that only `qemu-img map` describes. What it does not show, such as tables that
 * describe nothing any more, counts as free clusters. So the growth is a range, and never less than the growth by
 * the file's tables.
 * @param placed clusters with a place of their own in the file, in the map's units; `compressed` likewise
 */
export function assumedLayout(
  map: ClusterMap,
  { placed, compressed }: { placed: Uint32Array; compressed: Uint32Array },
  { virtualSize, clusterSize, extendedL2, refcountBits, length, allocated }: FileFacts,
): TargetLayout {
  const fresh = newLayout(virtualSize, clusterSize, extendedL2);
  const clusters: Grid = { unit: clusterSize, units: Math.ceil(virtualSize / clusterSize) };
  const inClusters = (bits: Uint32Array) => regrid(bits, map.clusterSize, clusters);
  const [own, packed] = [inClusters(placed), inClusters(compressed)];
  const described = either(either(own, packed), inClusters(map.zeros));
  const tables = regrid(described, 1, { unit: fresh.perTable, units: fresh.l1Entries });
  const end = Math.ceil(length / clusterSize);
  const perRefcountBlock = (clusterSize * 8) / refcountBits;
  const refcountBlocks = Math.max(1, Math.ceil(end / perRefcountBlock));
  const perRefcountTable = clusterSize / 8;
  // Of a new image one block counts, which is among its clusters already.
  const seen = fresh.end + refcountBlocks - 1 + countMarked(own) + countMarked(tables);
  const isFine = extendedL2 && map.clusterSize * SUBCLUSTERS === clusterSize;
  return {
    ...fresh,
    placed: own,
    compressed: packed,
    subclusters: isFine ? map.data : null,
    tables,
    end,
    free: Math.max(0, end - seen),
    perRefcountBlock,
    refcountBlocks,
    mostRefcountBlocks: Math.ceil(refcountBlocks / perRefcountTable) * perRefcountTable,
    allocated,
  };
}
