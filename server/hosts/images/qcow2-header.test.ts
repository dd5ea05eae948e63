import { expect, test } from 'vitest';
import { readQcow2Header } from './qcow2-header.ts';

/** A version 3 header of 1 GiB with 64 KiB clusters. */
function header(change: (bytes: Buffer) => void = () => {}): Buffer {
  const bytes = Buffer.alloc(104);
  bytes.writeUInt32BE(0x514649fb, 0);
  bytes.writeUInt32BE(3, 4);
  bytes.writeUInt32BE(16, 20);
  bytes.writeBigUInt64BE(2n ** 30n, 24);
  change(bytes);
  return bytes;
}

test('a plain image', () => {
  expect(readQcow2Header(header())).toEqual({
    virtualSize: 2 ** 30,
    traits: {
      known: true,
      version: 3,
      internalSnapshots: 0,
      clusterSize: 65536,
      extendedL2: false,
      dataFile: false,
      encrypted: false,
      bitmaps: false,
    },
  });
});

test.each([
  ['internalSnapshots', 3, (bytes: Buffer) => bytes.writeUInt32BE(3, 60)],
  ['extendedL2', true, (bytes: Buffer) => bytes.writeBigUInt64BE(1n << 4n, 72)],
  ['dataFile', true, (bytes: Buffer) => bytes.writeBigUInt64BE(1n << 2n, 72)],
  ['encrypted', true, (bytes: Buffer) => bytes.writeUInt32BE(2, 32)],
  ['bitmaps', true, (bytes: Buffer) => bytes.writeBigUInt64BE(1n, 88)],
  ['clusterSize', 512, (bytes: Buffer) => bytes.writeUInt32BE(9, 20)],
] as const)('%s: %s', (trait, value, change) => {
  expect(readQcow2Header(header(change))?.traits[trait]).toBe(value);
});

test('version 2 has no feature bits: those bytes are ignored', () => {
  const old = header((bytes) => {
    bytes.writeUInt32BE(2, 4);
    bytes.writeBigUInt64BE(~0n & 0xffffn, 72);
  });
  expect(readQcow2Header(old)?.traits).toMatchObject({ version: 2, extendedL2: false, dataFile: false });
  expect(readQcow2Header(old.subarray(0, 72))).not.toBeNull();
});

test.each([Buffer.alloc(0), Buffer.alloc(104), header().subarray(0, 71), Buffer.from('QFI\u00fb')])(
  'other bytes are no header',
  (bytes) => {
    expect(readQcow2Header(bytes)).toBeNull();
  },
);
