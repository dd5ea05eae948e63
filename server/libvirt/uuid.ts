import { LibvirtError } from './errors.ts';

const shape = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/** 16 bytes as `8-4-4-4-12` lower-case hex digits. */
export function formatUuid(uuid: Uint8Array): string {
  if (uuid.length !== 16) {
    throw new LibvirtError('BAD_ARGUMENT', `A UUID has 16 bytes, not ${uuid.length}.`);
  }
  const hex = Buffer.from(uuid.buffer, uuid.byteOffset, 16).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The 16 bytes of a UUID as libvirt writes it; hyphens may be left out. */
export function parseUuid(text: string): Uint8Array {
  if (!shape.test(text)) {
    throw new LibvirtError(
      'BAD_ARGUMENT',
      `"${text}" is not a UUID: write 32 hex digits, grouped 8-4-4-4-12.`,
    );
  }
  return new Uint8Array(Buffer.from(text.replaceAll('-', ''), 'hex'));
}
