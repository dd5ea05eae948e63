import { open } from 'node:fs/promises';
import { type ClusterMap, emptyMap, mark } from '../../model/cluster-map.ts';
import { readQcow2Header } from './qcow2-header.ts';

/** Source: QEMU, docs/interop/qcow2.txt, "Cluster mapping". */
const HEADER_BYTES = 104;
const OFFSET_OF_ENTRY = 0x00ff_ffff_ffff_fe00n;
const ALL_ZEROS = 1;
const COMPRESSED_IN_FIRST_BYTE = 0x40;
/** More clusters than this, 16 TiB of 64 KiB, are not worth the memory. */
const MOST_CLUSTERS = 2 ** 28;

/**
 * What a qcow2 image holds, from its L1 and L2 tables: exact for an image that nobody writes to. `null` for a file that is
 * none, or whose tables make no sense. Throws what the file system says.
 */
export async function readClusterMap(path: string): Promise<ClusterMap | null> {
  await using file = await open(path, 'r');
  const read = async (length: number, position: number) => {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, position);
    return bytesRead === length ? buffer : null;
  };
  const { size } = await file.stat();
  const head = await read(Math.min(HEADER_BYTES, size), 0);
  const header = head && readQcow2Header(head);
  if (!head || !header || header.traits.clusterSize === null) return null;
  const { virtualSize, traits } = header;
  const clusterSize = traits.clusterSize ?? 0;
  if (virtualSize / clusterSize > MOST_CLUSTERS) return null;
  const entryBytes = traits.extendedL2 ? 16 : 8;
  const perTable = clusterSize / entryBytes;
  const tables = Math.ceil(virtualSize / clusterSize / perTable);
  if (tables === 0) return emptyMap(virtualSize, clusterSize);
  // An image that was shrunk, or never opened for writing since it grew, may list fewer.
  const listed = Math.min(tables, head.readUInt32BE(36));
  const l1 = await read(listed * 8, Number(head.readBigUInt64BE(40)));
  if (l1 === null) return null;
  const map = emptyMap(virtualSize, clusterSize);
  const clusters = Math.ceil(virtualSize / clusterSize);
  for (let i = 0; i < listed; i++) {
    const offset = Number(l1.readBigUInt64BE(i * 8) & OFFSET_OF_ENTRY);
    if (offset === 0) continue;
    const table = await read(clusterSize, offset);
    if (table === null) return null;
    addTable(map, table, i * perTable, Math.min(perTable, clusters - i * perTable), entryBytes);
  }
  return map;
}

function addTable(map: ClusterMap, table: Buffer, first: number, count: number, entryBytes: number): void {
  for (let i = 0; i < count; i++) {
    const at = i * entryBytes;
    const high = table.readUInt32BE(at);
    const low = table.readUInt32BE(at + 4);
    const compressed = ((high >>> 24) & COMPRESSED_IN_FIRST_BYTE) !== 0;
    if (entryBytes === 16 && !compressed) {
      if (table.readUInt32BE(at + 12) !== 0) mark(map.data, first + i);
      if (table.readUInt32BE(at + 8) !== 0) mark(map.zeros, first + i);
    } else if (high !== 0 || low !== 0) {
      mark(!compressed && (low & ALL_ZEROS) !== 0 ? map.zeros : map.data, first + i);
    }
  }
}
