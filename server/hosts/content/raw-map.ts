import type { ClusterMap } from '../../../model/content/cluster-map.ts';
import { QemuImgError, rawExtents } from '../images/qemu-img.ts';
import { ExtentError, ExtentReader } from './extent-reader.ts';

/** Bytes. A raw image has no clusters; holes of file systems are no finer than this. */
const BLOCK = 4096;
/** Images of more blocks than this, 256 GiB, are mapped in larger pieces, to save memory. */
const MOST_BLOCKS = 2 ** 26;
const PIECE = 65536;

/** The allocation map of a raw file: data, and zeros where it has holes. Throws `QemuImgError`. */
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
