import { dirname, join } from 'node:path';

/** As many bytes as `backingNames` looks at: header, extensions and name stand there in all images that QEMU made. */
export const START_BYTES = 4096;

const MAGIC = 0x514649fb;

/**
 * Paths that the image with these first bytes may mean by its backing image; empty for one without. Any that could be
 * meant is named: whoever asks wants to know what must not change. Source: QEMU, docs/interop/qcow2.txt, "Header"; the
 * three fields are the same in version 1.
 */
export function backingNames(start: Buffer, path: string): readonly string[] {
  if (start.length < 20 || start.readUInt32BE(0) !== MAGIC) return [];
  const offset = Number(start.readBigUInt64BE(8));
  const length = start.readUInt32BE(16);
  if (offset === 0 || length === 0 || offset + length > start.length) return [];
  const name = start.toString('utf8', offset, offset + length);
  return [...new Set(meantBy(name).map((one) => (one.startsWith('/') ? one : join(dirname(path), one))))];
}

/** Whether it is an image over another one whose name these first bytes do not tell. */
export function hasUnreadBacking(start: Buffer): boolean {
  if (start.length < 20 || start.readUInt32BE(0) !== MAGIC) return false;
  const offset = Number(start.readBigUInt64BE(8));
  const length = start.readUInt32BE(16);
  return offset !== 0 && length !== 0 && offset + length > start.length;
}

/** A name is a path, a path after `file:`, or QEMU's options as JSON. */
function meantBy(name: string): readonly string[] {
  if (name.startsWith('file:')) return [name, name.slice('file:'.length)];
  if (!name.startsWith('json:')) return [name];
  const found = name.matchAll(/"(?:[^"]*\.)?filename"\s*:\s*("(?:[^"\\]|\\.)*")/g);
  return [...found].map(([, text = '""']) => String(JSON.parse(text)));
}
