const MAGIC = Buffer.from('LUKS\xba\xbe', 'latin1');
const SECTOR = 512;

/** Bytes that `luksPayload` needs. */
export const LUKS_HEADER_BYTES = 108;

/**
 * Offset of the data in bytes; `null` where the bytes are no LUKS header of version 1, the only one QEMU supports. Source: LUKS
 * On-Disk Format Specification 1.2.3, "PHDR layout".
 */
export function luksPayload(start: Buffer): number | null {
  if (start.length < LUKS_HEADER_BYTES || !start.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  return start.readUInt16BE(MAGIC.length) === 1 ? start.readUInt32BE(104) * SECTOR : null;
}
