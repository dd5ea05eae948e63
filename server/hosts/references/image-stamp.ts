import type { VolumeInfo } from '../images/volume-chain.ts';
import type { FoundFile } from './folder-images.ts';

/** Changes with every write into a file, as far as a file system's clock can tell. */
export function fileStamp({ length, modifiedAt, virtualSize }: FoundFile): string {
  return `${length} ${modifiedAt} ${virtualSize}`;
}

/** The same as a storage pool tells it. */
export function volumeStamp({ physical, modified, capacity }: VolumeInfo): string {
  return `${physical} ${modified} ${capacity}`;
}
