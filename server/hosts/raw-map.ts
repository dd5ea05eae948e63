import { type ClusterMap, emptyMap, mark, markRange } from '../../model/cluster-map.ts';
import { extentsOf } from './qemu-img.ts';

/** Bytes. A raw image has no clusters; this is what most overlays copy at least. */
const CLUSTER = 65536;

/** What a raw file holds: data, and zeros where it has holes. Throws `QemuImgError`. */
export async function readRawMap(path: string, size: number): Promise<ClusterMap> {
  const map = emptyMap(size, CLUSTER);
  markRange(map.zeros, 0, Math.ceil(size / CLUSTER));
  for (const { start, length, data } of await extentsOf(path)) {
    const end = Math.min(size, start + length);
    for (let at = start - (start % CLUSTER); data && at < end; at += CLUSTER) mark(map.data, at / CLUSTER);
  }
  return map;
}
