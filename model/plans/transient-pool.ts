import { folderOf } from '../fleet/destination.ts';

const PREFIX = 'backchain-transient-';

/** The name of the transient storage pool of a file's folder, which exists only for a deletion. */
export function transientPool(file: string): string {
  return `${PREFIX}${hash(folderOf(file)).toString(16).padStart(8, '0')}`;
}

/** Whether a pool is such a transient one. */
export function isTransientPool(name: string): boolean {
  return name.startsWith(PREFIX);
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}
