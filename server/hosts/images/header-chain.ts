import { open, stat } from 'node:fs/promises';
import { isAlwaysBase } from '../../../model/fleet/image.ts';
import { extensionIn, readQcow2Header } from './qcow2-header.ts';

/** The backing image as a qcow2 header names it; `format` is `null` where the header does not say. */
export interface HeaderBacking {
  readonly name: string;
  readonly format: string | null;
}

export interface PlainImage {
  readonly path: string;
  readonly format: 'qcow2' | 'raw' | 'luks';
}

/** A chain from its active image down. */
export interface PlainChain {
  readonly images: readonly PlainImage[];
  /** Why it ends: its last image needs no other, is not there, or may not be read. */
  readonly end: 'base' | 'missing' | 'denied';
}

/** An image as XML or a header names it. */
interface Named {
  readonly path: string;
  readonly format: string;
}

/** Bytes. Header, extensions and the backing file's name are in the first cluster; in a plain image, at its start. */
export const START_BYTES = 4096;
const BACKING_FORMAT = 0xe2792aca;
/** libvirt refuses longer ones (QEMU_DOMAIN_STORAGE_SOURCE_CHAIN_MAX_DEPTH). */
const LONGEST_CHAIN = 200;

/**
 * The images from `path` down as their headers name them. This saves a `qemu-img` process for each shut-off guest. `null` for
 * a chain that is not plain, which `qemu-img` has to read. Plain are files of this machine, qcow2 over qcow2, raw or LUKS,
 * with every backing format named.
 */
export async function plainChain(path: string, format: string): Promise<PlainChain | null> {
  const images: PlainImage[] = [];
  let next: Named | null = { path, format };
  while (next !== null) {
    const { path: at, format: as }: Named = next;
    if ((as !== 'qcow2' && as !== 'raw' && as !== 'luks') || images.length === LONGEST_CHAIN) return null;
    const start = await read(at);
    if (start === 'other') return null;
    images.push({ path: at, format: as });
    if (start === 'missing' || start === 'denied') return { images, end: start };
    // A raw image's guest could have written a header into it.
    const below: Named | null | undefined = isAlwaysBase(as) ? null : backingIn(start, at);
    if (below === undefined) return null;
    next = below;
  }
  return { images, end: 'base' };
}

/** `null` for a file that is not an ordinary one or can't be read; `qemu-img` reports the reason later. */
export async function startOf(path: string): Promise<Buffer | null> {
  const start = await read(path);
  return typeof start === 'string' ? null : start;
}

/** The first bytes of an ordinary file, or why there are none. */
async function read(path: string): Promise<Buffer | 'missing' | 'denied' | 'other'> {
  try {
    if (!(await stat(path)).isFile()) return 'other';
    await using file = await open(path, 'r');
    const { buffer, bytesRead } = await file.read(Buffer.alloc(START_BYTES), 0, START_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    return code === 'ENOENT' ? 'missing' : code === 'EACCES' ? 'denied' : 'other';
  }
}

/**
 * The backing image that a qcow2 image names, `null` for none, `undefined` for one that is not plain.
 * Source: QEMU, docs/interop/qcow2.txt, "Header" and "Header extensions".
 */
function backingIn(start: Buffer, path: string): Named | null | undefined {
  const traits = readQcow2Header(start)?.traits;
  if (traits === undefined || ![2, 3].includes(start.readUInt32BE(4)) || traits.dataFile || traits.encrypted)
    return undefined;
  const named = headerBacking(start);
  if (named === null || named === undefined) return named;
  const { name, format } = named;
  const below = backingPath(name, path);
  return format === null || below === null || name.includes(':') ? undefined : { path: below, format };
}

/**
 * The path that QEMU makes of a backing image's name in the header of the image at `path`. `..` stays in it, as in libvirt's
 * XML. `null` for a name that is no path.
 */
export function backingPath(name: string, path: string): string | null {
  const file = name.startsWith('file:/') ? name.slice('file:'.length) : name;
  if (file.startsWith('/')) return file.includes('\ufffd') ? null : file;
  // A colon may begin a protocol or `json:`.
  if (file.includes(':') || file.includes('\ufffd')) return null;
  return path.slice(0, path.lastIndexOf('/') + 1) + file;
}

/** The backing image's name, unresolved. @param start first bytes of a qcow2 image */
export function headerBacking(start: Buffer): HeaderBacking | null | undefined {
  const offset = Number(start.readBigUInt64BE(8));
  const length = start.readUInt32BE(16);
  if (offset === 0) return null;
  if (length === 0 || offset + length > start.length) return undefined;
  return {
    name: start.toString('utf8', offset, offset + length),
    format: extensionIn(start, BACKING_FORMAT, offset),
  };
}
