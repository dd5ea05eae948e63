import { open } from 'node:fs/promises';

const CLUSTER = 65536;
const PER_TABLE = CLUSTER / 8;
/** A refcount of 16 bits for each cluster of the file. */
const PER_REFCOUNT_BLOCK = CLUSTER / 2;
/** The entry's cluster has one reference. */
const COPIED = 1n << 63n;
const BACKING_FORMAT = 0xe2792aca;
const HEADER = 112;

/**
 * Makes a qcow2 image of 64 KiB clusters that QEMU takes for any other, and that takes no more space than its tables: where its
 * data would be there are holes.
 * @param allocated positions of its allocated clusters, ascending
 */
export async function makeTableImage(
  path: string,
  {
    virtualSize,
    allocated,
    backing,
  }: { virtualSize: number; allocated: ArrayLike<number>; backing: string | null },
): Promise<void> {
  const l1Entries = Math.ceil(virtualSize / CLUSTER / PER_TABLE);
  const tables = tablesFor(allocated);
  let blocks = 1;
  // The header, the refcounts' table, the L1 table.
  const clusters = () => 3 + blocks + tables + allocated.length;
  while (blocks * PER_REFCOUNT_BLOCK < clusters()) blocks++;
  const firstTable = 3 + blocks;
  await using file = await open(path, 'wx');
  await file.truncate(clusters() * CLUSTER);
  await file.write(headerOf(virtualSize, l1Entries, backing), 0, CLUSTER, 0);
  const refcounts = Buffer.alloc(CLUSTER);
  const counts = Buffer.alloc(CLUSTER);
  for (let block = 0; block < blocks; block++) {
    refcounts.writeBigUInt64BE(BigInt((3 + block) * CLUSTER), block * 8);
    const counted = Math.min(PER_REFCOUNT_BLOCK, clusters() - block * PER_REFCOUNT_BLOCK);
    for (let i = 0; i < PER_REFCOUNT_BLOCK; i++) counts[2 * i + 1] = i < counted ? 1 : 0;
    await file.write(counts, 0, CLUSTER, (3 + block) * CLUSTER);
  }
  await file.write(refcounts, 0, CLUSTER, CLUSTER);
  const l1 = Buffer.alloc(CLUSTER);
  let [next, index] = [firstTable, -1];
  // One for all: what is measured afterwards begins with the memory that this took.
  const table = Buffer.alloc(CLUSTER);
  const flush = async () => {
    if (index === -1) return;
    l1.writeBigUInt64BE(BigInt(next * CLUSTER) | COPIED, index * 8);
    await file.write(table, 0, CLUSTER, next * CLUSTER);
    next++;
  };
  for (let i = 0; i < allocated.length; i++) {
    const at = allocated[i] ?? 0;
    if (Math.floor(at / PER_TABLE) !== index) {
      await flush();
      index = Math.floor(at / PER_TABLE);
      table.fill(0);
    }
    const data = BigInt((firstTable + tables + i) * CLUSTER);
    table.writeBigUInt64BE(data | COPIED, (at % PER_TABLE) * 8);
  }
  await flush();
  await file.write(l1, 0, CLUSTER, 2 * CLUSTER);
}

function tablesFor(allocated: ArrayLike<number>): number {
  let [count, last] = [0, -1];
  for (let i = 0; i < allocated.length; i++) {
    const index = Math.floor((allocated[i] ?? 0) / PER_TABLE);
    if (index !== last) count++;
    last = index;
  }
  return count;
}

/** Source: QEMU, docs/interop/qcow2.txt, "Header". */
function headerOf(virtualSize: number, l1Entries: number, backing: string | null): Buffer {
  const header = Buffer.alloc(CLUSTER);
  header.writeUInt32BE(0x514649fb, 0);
  header.writeUInt32BE(3, 4);
  header.writeUInt32BE(Math.log2(CLUSTER), 20);
  header.writeBigUInt64BE(BigInt(virtualSize), 24);
  header.writeUInt32BE(l1Entries, 36);
  header.writeBigUInt64BE(BigInt(2 * CLUSTER), 40);
  header.writeBigUInt64BE(BigInt(CLUSTER), 48);
  header.writeUInt32BE(1, 56);
  header.writeUInt32BE(4, 96);
  header.writeUInt32BE(HEADER, 100);
  if (backing === null) return header;
  header.writeUInt32BE(BACKING_FORMAT, HEADER);
  header.writeUInt32BE(5, HEADER + 4);
  header.write('qcow2', HEADER + 8);
  // After the extension, padded to eight bytes, and the one that ends them.
  const name = HEADER + 24;
  header.writeBigUInt64BE(BigInt(name), 8);
  header.writeUInt32BE(Buffer.byteLength(backing), 16);
  header.write(backing, name);
  return header;
}
