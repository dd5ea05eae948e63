import { folderOf } from '../fleet/destination.ts';

const PREFIX = 'backchain-transient-';

/** What the storage pool is called that is made of a file's folder, where none holds it, and goes again. */
export function transientPool(file: string): string {
  return `${PREFIX}${hash(folderOf(file)).toString(16).padStart(8, '0')}`;
}

/** Whether a pool is there for the time of a deletion only. */
export function isTransientPool(name: string): boolean {
  return name.startsWith(PREFIX);
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}
