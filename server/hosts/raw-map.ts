import { type ClusterMap, emptyMap, markRange } from '../../model/cluster-map.ts';
import { extentsOf } from './qemu-img.ts';

/** Bytes. A raw image has no clusters; holes of file systems are no finer than this. */
const BLOCK = 4096;
/** More blocks than this, of 256 GiB, are not worth the memory: larger images are told in larger pieces. */
const MOST_BLOCKS = 2 ** 26;
const PIECE = 65536;

/** What a raw file holds: data, and zeros where it has holes. Throws `QemuImgError`. */
export async function readRawMap(path: string, size: number): Promise<ClusterMap> {
  const unit = size / BLOCK > MOST_BLOCKS ? PIECE : BLOCK;
  const map = emptyMap(size, unit);
  for (const { start, length, data } of await extentsOf(path)) {
    const end = Math.ceil(Math.min(size, start + length) / unit);
    markRange(data ? map.data : map.zeros, Math.floor(start / unit), end);
  }
  return map;
}
