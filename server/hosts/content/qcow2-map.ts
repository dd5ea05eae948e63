import { open } from 'node:fs/promises';
import { type ClusterMap, emptyMap, mark } from '../../../model/content/cluster-map.ts';
import { l2Tables, openTables } from './qcow2-tables.ts';

const ALL_ZEROS = 1;
const COMPRESSED = 0x40;
/** More clusters than this, 16 TiB of 64 KiB, are not worth the memory. */
const MOST_CLUSTERS = 2 ** 28;
/** Pieces of a cluster that extended L2 entries tell of. Of large disks only whole clusters are kept. */
const SUBCLUSTERS = 32;
const MOST_SUBCLUSTERS = 2 ** 26;

/**
 * What a qcow2 image holds, from its L1 and L2 tables: exact for an image that nobody writes to. `null` for a file that is
 * none, or whose tables make no sense. Throws what the file system says.
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
  // Most entries are zero, in whichever byte order.
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
