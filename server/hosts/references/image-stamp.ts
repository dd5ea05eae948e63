import type { VolumeInfo } from '../images/volume-chain.ts';
import type { FoundFile } from './folder-images.ts';

/** A text that changes with every write into a file, as exactly as the file system's clock allows. */
export function fileStamp({ length, modifiedAt, virtualSize }: FoundFile): string {
  return `${length} ${modifiedAt} ${virtualSize}`;
}

/** The same from a storage pool's facts. */
export function volumeStamp({ physical, modified, capacity }: VolumeInfo): string {
  return `${physical} ${modified} ${capacity}`;
}
