import type { FileHandle } from 'node:fs/promises';
import { HEADER_BYTES, type Qcow2Header, readQcow2Header } from '../images/qcow2-header.ts';

/** Source: QEMU, docs/interop/qcow2.txt, "Cluster mapping". */
const OFFSET_OF_ENTRY = 0x00ff_ffff_ffff_fe00n;

export interface Qcow2File {
  readonly header: Qcow2Header;
  /** The first bytes of the file. */
  readonly head: Buffer;
  /** Bytes. */
  readonly clusterSize: number;
  readonly clusters: number;
  readonly entryBytes: 8 | 16;
  readonly perTable: number;
  /** Bytes of the file. */
  readonly size: number;
}

export async function openTables(file: FileHandle): Promise<Qcow2File | null> {
  const { size } = await file.stat();
  const head = await readWhole(file, Math.min(HEADER_BYTES, size), 0);
  const header = head && readQcow2Header(head);
  const clusterSize = header?.traits.clusterSize ?? 0;
  if (!head || !header || clusterSize < 512) return null;
  const entryBytes = header.traits.extendedL2 ? 16 : 8;
  const clusters = Math.ceil(header.virtualSize / clusterSize);
  return { header, head, clusterSize, clusters, entryBytes, perTable: clusterSize / entryBytes, size };
}

/** The L2 tables that exist, with their index in the L1 table. The buffer is valid until the next one is read. */
export async function* l2Tables(
  file: FileHandle,
  { head, clusterSize, clusters, perTable }: Qcow2File,
): AsyncGenerator<{ index: number; table: Buffer } | null> {
  // An image that was shrunk, or never opened for writing since it grew, may list fewer.
  const listed = Math.min(Math.ceil(clusters / perTable), head.readUInt32BE(36));
  const l1 =
    listed === 0 ? Buffer.alloc(0) : await readWhole(file, listed * 8, Number(head.readBigUInt64BE(40)));
  if (l1 === null) return yield null;
  const table = Buffer.alloc(clusterSize);
  for (let index = 0; index < listed; index++) {
    const offset = Number(l1.readBigUInt64BE(index * 8) & OFFSET_OF_ENTRY);
    if (offset === 0) continue;
    const { bytesRead } = await file.read(table, 0, clusterSize, offset);
    yield bytesRead === clusterSize ? { index, table } : null;
  }
}

/** `null` where the file ends earlier. */
export async function readWhole(file: FileHandle, length: number, position: number): Promise<Buffer | null> {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, position);
  return bytesRead === length ? buffer : null;
}
