import { type FileHandle, open } from 'node:fs/promises';
import { mark } from '../../../model/content/cluster-map.ts';
import { SUBCLUSTERS, type TargetLayout } from '../../../model/content/target-layout.ts';
import { l2Tables, openTables, type Qcow2File, readWhole } from './qcow2-tables.ts';

const COMPRESSED = 0x40;
const OFFSET_OF_L2_ENTRY = 0x00ff_ffff_ffff_fe00n;
const OFFSET_OF_BLOCK = 0xffff_ffff_ffff_fe00n;
const MOST_CLUSTERS = 2 ** 28;

/**
 * The layout of a qcow2 file that is going to be written, from its tables. `null` for a file that is no qcow2, or whose tables
 * are broken. Throws the file system's error.
 */
export async function readTargetLayout(path: string): Promise<TargetLayout | null> {
  await using file = await open(path, 'r');
  const tables = await openTables(file);
  if (tables === null || tables.clusters > MOST_CLUSTERS) return null;
  const { head, header, clusterSize, clusters, perTable, entryBytes } = tables;
  const placed = new Uint32Array(Math.ceil(clusters / 32));
  const compressed = new Uint32Array(placed.length);
  const isFine = entryBytes === 16 && clusters * SUBCLUSTERS <= MOST_CLUSTERS;
  const subclusters = isFine ? new Uint32Array(clusters) : null;
  const present = new Uint32Array(Math.ceil(Math.ceil(clusters / perTable) / 32));
  for await (const read of l2Tables(file, tables)) {
    if (read === null) return null;
    const { index, table } = read;
    mark(present, index);
    const count = Math.min(perTable, clusters - index * perTable);
    for (let i = 0; i < count; i++) {
      const at = i * entryBytes;
      if (subclusters !== null) subclusters[index * perTable + i] = table.readUInt32BE(at + 12);
      if (((table[at] ?? 0) & COMPRESSED) !== 0) mark(compressed, index * perTable + i);
      else if ((table.readBigUInt64BE(at) & OFFSET_OF_L2_ENTRY) !== 0n) mark(placed, index * perTable + i);
    }
  }
  const refcounts = await readRefcounts(file, tables);
  if (refcounts === null) return null;
  return {
    clusterSize,
    virtualSize: header.virtualSize,
    placed,
    compressed,
    subclusters,
    tables: present,
    perTable,
    l1Entries: head.readUInt32BE(36),
    ...refcounts,
    allocated: (await file.stat()).blocks * 512,
  };
}

type Refcounts = Pick<
  TargetLayout,
  'end' | 'free' | 'perRefcountBlock' | 'refcountBlocks' | 'mostRefcountBlocks'
>;

/** Source: QEMU, docs/interop/qcow2.txt, "Host cluster management". */
async function readRefcounts(file: FileHandle, { head, clusterSize }: Qcow2File): Promise<Refcounts | null> {
  const version = head.readUInt32BE(4);
  const bits = version < 3 ? 16 : 2 ** head.readUInt32BE(96);
  const perBlock = (clusterSize * 8) / bits;
  const bytes = head.readUInt32BE(56) * clusterSize;
  const table = await readWhole(file, bytes, Number(head.readBigUInt64BE(48)));
  if (table === null) return null;
  const block = Buffer.alloc(clusterSize);
  let [end, used, blocks] = [0, 0, 0];
  for (let index = 0; index < bytes / 8; index++) {
    const offset = Number(table.readBigUInt64BE(index * 8) & OFFSET_OF_BLOCK);
    if (offset === 0) continue;
    blocks++;
    const { bytesRead } = await file.read(block, 0, clusterSize, offset);
    if (bytesRead !== clusterSize) return null;
    for (let i = 0; i < perBlock; i++) {
      if (!isCounted(block, i, bits)) continue;
      used++;
      end = index * perBlock + i + 1;
    }
  }
  return {
    end,
    free: end - used,
    perRefcountBlock: perBlock,
    refcountBlocks: blocks,
    mostRefcountBlocks: bytes / 8,
  };
}

function isCounted(block: Buffer, index: number, bits: number): boolean {
  if (bits >= 8) {
    const width = bits / 8;
    for (let i = 0; i < width; i++) if (block[index * width + i] !== 0) return true;
    return false;
  }
  const perByte = 8 / bits;
  const shift = (index % perByte) * bits;
  return (((block[Math.floor(index / perByte)] ?? 0) >>> shift) & (2 ** bits - 1)) !== 0;
}
