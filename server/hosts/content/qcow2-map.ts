import { open } from 'node:fs/promises';
import { type ClusterMap, emptyMap, mark } from '../../../model/content/cluster-map.ts';
import { l2Tables, openTables } from './qcow2-tables.ts';

const ALL_ZEROS = 1;
const COMPRESSED = 0x40;
/** Larger maps, of more than 16 TiB with clusters of 64 KiB, would take too much memory. */
const MOST_CLUSTERS = 2 ** 28;
/** Subclusters of extended L2 entries. A disk with more of them is mapped by whole clusters. */
const SUBCLUSTERS = 32;
const MOST_SUBCLUSTERS = 2 ** 26;

/**
 * The allocation map of a qcow2 image, from its L1 and L2 tables: exact while nobody writes to it. `null` for a file that is
 * no qcow2, or whose tables are broken. Throws the file system's error.
 */
export async function readClusterMap(path: string): Promise<ClusterMap | null> {
  await using file = await open(path, 'r');
  const tables = await openTables(file);
  if (tables === null || tables.clusters > MOST_CLUSTERS) return null;
  const { header, clusterSize, clusters, perTable, entryBytes } = tables;
  const fine = entryBytes === 16 && clusters * SUBCLUSTERS <= MOST_SUBCLUSTERS;
  const map = emptyMap(header.virtualSize, fine ? clusterSize / SUBCLUSTERS : clusterSize);
  for await (const read of l2Tables(file, tables)) {
    if (read === null) return null;
    const first = read.index * perTable;
    const count = Math.min(perTable, clusters - first);
    if (entryBytes === 8) addTable(map, read.table, first, count);
    else addExtended(map, read.table, first, count, fine);
  }
  return map;
}

function addTable({ data, zeros }: ClusterMap, table: Buffer, first: number, count: number): void {
  // Most entries are zero, which is the same in either byte order.
  const words = new Uint32Array(table.buffer, table.byteOffset, count * 2);
  for (let i = 0; i < count; i++) {
    if (((words[2 * i] ?? 0) | (words[2 * i + 1] ?? 0)) === 0) continue;
    const compressed = ((table[8 * i] ?? 0) & COMPRESSED) !== 0;
    mark(!compressed && ((table[8 * i + 7] ?? 0) & ALL_ZEROS) !== 0 ? zeros : data, first + i);
  }
}

function addExtended(
  { data, zeros }: ClusterMap,
  table: Buffer,
  first: number,
  count: number,
  fine: boolean,
): void {
  for (let i = 0; i < count; i++) {
    const at = i * 16;
    const compressed = ((table[at] ?? 0) & COMPRESSED) !== 0;
    const ofData = compressed ? -1 : table.readInt32BE(at + 12);
    const ofZeros = compressed ? 0 : table.readInt32BE(at + 8);
    if (fine) {
      data[first + i] = ofData;
      zeros[first + i] = ofZeros;
    } else {
      if (ofData !== 0) mark(data, first + i);
      if (ofZeros !== 0) mark(zeros, first + i);
    }
  }
}
