import { dirname, join } from 'node:path';
import { extensionIn, readQcow2Header } from './qcow2-header.ts';

/** Bytes that `backingNames` needs: they have header, extensions and name in all images that QEMU made. */
export const START_BYTES = 4096;

const MAGIC = 0x514649fb;
const DATA_FILE = 0x44415441;

/**
 * Paths that an image's header may mean by its backing image and by its data file; empty for an image with neither. Where a
 * name is ambiguous all its meanings are included, since the caller asks which files must not change. Source: QEMU,
 * docs/interop/qcow2.txt, "Header"; the backing image's fields are the same in version 1.
 * @param start first bytes of the image
 * @param path of the image
 */
export function backingNames(start: Buffer, path: string): readonly string[] {
  const beside = (name: string) => (name.startsWith('/') ? name : join(dirname(path), name));
  const backing = backingIn(start);
  const data = dataFileIn(start);
  return [
    ...new Set([
      ...(backing === null ? [] : meantBy(backing).map(beside)),
      // QEMU resolves a relative one against its working folder, which libvirt sets to `/`.
      ...(data === null ? [] : meantBy(data).flatMap((name) => [beside(name), join('/', name)])),
    ]),
  ];
}

/** Whether the image depends on another file whose name is not in these first bytes. */
export function hasUnreadBacking(start: Buffer): boolean {
  if (start.length < 20 || start.readUInt32BE(0) !== MAGIC) return false;
  const isNamed = start.readBigUInt64BE(8) !== 0n && start.readUInt32BE(16) !== 0;
  const hasDataFile = readQcow2Header(start)?.traits.dataFile === true;
  return (isNamed && backingIn(start) === null) || (hasDataFile && dataFileIn(start) === null);
}

function backingIn(start: Buffer): string | null {
  if (start.length < 20 || start.readUInt32BE(0) !== MAGIC) return null;
  const offset = Number(start.readBigUInt64BE(8));
  const length = start.readUInt32BE(16);
  if (offset === 0 || length === 0 || offset + length > start.length) return null;
  return start.toString('utf8', offset, offset + length);
}

function dataFileIn(start: Buffer): string | null {
  return readQcow2Header(start)?.traits.dataFile === true ? extensionIn(start, DATA_FILE) : null;
}

/** A name is a path, a path after `file:`, or QEMU's options as JSON. */
function meantBy(name: string): readonly string[] {
  if (name.startsWith('file:')) return [name, name.slice('file:'.length)];
  if (!name.startsWith('json:')) return [name];
  const found = name.matchAll(/"(?:[^"]*\.)?filename"\s*:\s*("(?:[^"\\]|\\.)*")/g);
  return [...found].map(([, text = '""']) => String(JSON.parse(text)));
}
