import type { ClusterMap } from '../../../model/content/cluster-map.ts';
import { QemuImgError, rawExtents } from '../images/qemu-img.ts';
import { ExtentError, ExtentReader } from './extent-reader.ts';

/** Bytes. A raw image has no clusters; holes of file systems are no finer than this. */
const BLOCK = 4096;
/** More blocks than this, of 256 GiB, are not worth the memory: larger images are told in larger pieces. */
const MOST_BLOCKS = 2 ** 26;
const PIECE = 65536;

/** What a raw file holds: data, and zeros where it has holes. Throws `QemuImgError`. */
export async function readRawMap(path: string, size: number): Promise<ClusterMap> {
  const unit = size / BLOCK > MOST_BLOCKS ? PIECE : BLOCK;
  const reader = new ExtentReader(size, unit, 'raw');
  try {
    await rawExtents(path, (text) => reader.read(text));
  } catch (error) {
    if (!(error instanceof ExtentError)) throw error;
    throw new QemuImgError('failed', path, error.message);
  }
  return reader.map;
}
