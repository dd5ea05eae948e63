import { open, stat } from 'node:fs/promises';
import { type ImageTraits, traitsByFormat, UNKNOWN_TRAITS } from '../../../model/fleet/image.ts';
import { LUKS_HEADER_BYTES, luksPayload } from './luks-header.ts';
import { HEADER_BYTES, readQcow2Header } from './qcow2-header.ts';

/** An image on this machine, by its file system and header. Sizes in bytes, `null` where they can't be read. */
export interface LocalImage {
  readonly virtualSize: number | null;
  readonly allocated: number | null;
  readonly missing: boolean;
  readonly writeProtected?: boolean;
  readonly traits: ImageTraits;
}

const UNREADABLE: LocalImage = { virtualSize: null, allocated: null, missing: false, traits: UNKNOWN_TRAITS };
const BLOCK = 512;
/** The bits of a mode that let its owner, group or others write a file. */
const WRITABLE = 0o222;

/** Whether a file's mode lets nobody write it. */
export function isWriteProtected(mode: number): boolean {
  return (mode & WRITABLE) === 0;
}

/**
 * Reads an image's facts; never throws, since an image that can't be read is shown as such.
 * @param format as libvirt names it. A raw image's content is never used, since its guest writes it.
 */
export async function readLocalImage(path: string, format: string | null): Promise<LocalImage> {
  try {
    const found = await stat(path);
    if (!found.isFile()) return UNREADABLE;
    const facts = {
      allocated: found.blocks * BLOCK,
      missing: false,
      writeProtected: isWriteProtected(found.mode),
    };
    if (format === 'luks') {
      const payload = luksPayload(await firstBytes(path, LUKS_HEADER_BYTES));
      const virtualSize = payload && found.size - payload;
      return { ...facts, virtualSize, traits: traitsByFormat(format) };
    }
    if (format !== 'qcow2') {
      const traits = format === 'raw' ? { ...UNKNOWN_TRAITS, known: true } : UNKNOWN_TRAITS;
      return { ...facts, virtualSize: format === 'raw' ? found.size : null, traits };
    }
    const header = readQcow2Header(await firstBytes(path, HEADER_BYTES));
    return header === null
      ? { ...UNREADABLE, ...facts }
      : { ...facts, virtualSize: header.virtualSize, traits: header.traits };
  } catch (error) {
    return { ...UNREADABLE, missing: isMissing(error) };
  }
}

async function firstBytes(path: string, length: number): Promise<Buffer> {
  await using file = await open(path, 'r');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
  return buffer.subarray(0, bytesRead);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
