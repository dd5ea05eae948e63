import type { ImageTraits } from '../../../model/fleet/image.ts';

/** The facts in the first bytes of a qcow2 image. Source: QEMU, docs/interop/qcow2.txt, "Header". */
export interface Qcow2Header {
  readonly virtualSize: number;
  readonly traits: ImageTraits;
}

/** Bytes that `readQcow2Header` needs. */
export const HEADER_BYTES = 104;

const MAGIC = 0x514649fb;
const INCOMPATIBLE_DATA_FILE = 1n << 2n;
const INCOMPATIBLE_EXTENDED_L2 = 1n << 4n;
const AUTOCLEAR_BITMAPS = 1n;

const HEADER_V2_BYTES = 72;

/**
 * The text in a header extension of this type; `null` where there is none before `end`. Source: QEMU, docs/interop/qcow2.txt,
 * "Header extensions".
 * @param start first bytes of a qcow2 image
 */
export function extensionIn(start: Buffer, type: number, end = start.length): string | null {
  const version = start.readUInt32BE(4);
  let at = version >= 3 && start.length >= HEADER_BYTES ? start.readUInt32BE(100) : HEADER_V2_BYTES;
  while (at + 8 <= end && start.readUInt32BE(at) !== 0) {
    const length = start.readUInt32BE(at + 4);
    const data = at + 8;
    if (data + length > end) return null;
    if (start.readUInt32BE(at) === type) return start.toString('utf8', data, data + length);
    at = data + Math.ceil(length / 8) * 8;
  }
  return null;
}

/** `null` where the bytes are not a qcow2 image's. */
export function readQcow2Header(bytes: Buffer): Qcow2Header | null {
  if (bytes.length < 72 || bytes.readUInt32BE(0) !== MAGIC) return null;
  const version = bytes.readUInt32BE(4);
  const hasFeatures = version >= 3 && bytes.length >= 96;
  const incompatible = hasFeatures ? bytes.readBigUInt64BE(72) : 0n;
  const autoclear = hasFeatures ? bytes.readBigUInt64BE(88) : 0n;
  return {
    virtualSize: Number(bytes.readBigUInt64BE(24)),
    traits: {
      known: true,
      version,
      internalSnapshots: bytes.readUInt32BE(60),
      clusterSize: 2 ** bytes.readUInt32BE(20),
      extendedL2: (incompatible & INCOMPATIBLE_EXTENDED_L2) !== 0n,
      dataFile: (incompatible & INCOMPATIBLE_DATA_FILE) !== 0n,
      encrypted: bytes.readUInt32BE(32) !== 0,
      bitmaps: (autoclear & AUTOCLEAR_BITMAPS) !== 0n,
    },
  };
}
