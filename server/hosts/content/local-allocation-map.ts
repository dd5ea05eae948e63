import type { ClusterMap } from '../../../model/content/cluster-map.ts';
import type { TargetLayout } from '../../../model/content/target-layout.ts';
import { type Image, imagePath } from '../../../model/fleet/image.ts';
import { byKey, type HostAllocationMaps } from './allocation-map.ts';
import { FileCache } from './file-cache.ts';
import { layoutBytes, mapBytes } from './kept-bytes.ts';
import { readTargetLayout } from './qcow2-layout.ts';
import { readClusterMap } from './qcow2-map.ts';
import { readRawMap } from './raw-map.ts';

/** Bytes of maps that are kept, enough for hundreds of images of 100 GiB; the same for layouts. */
const MOST_KEPT = 64 * 2 ** 20;

/** Reads the tables of this machine's images, and keeps them for the next plan. */
export class LocalAllocationMap implements HostAllocationMaps {
  readonly basis = 'tables';
  readonly #maps: FileCache<ClusterMap>;
  readonly #layouts: FileCache<TargetLayout>;

  constructor(clock = Date.now) {
    this.#maps = new FileCache({ read: readMap, bytesOf: mapBytes, most: MOST_KEPT, clock });
    this.#layouts = new FileCache({ read: readLayout, bytesOf: layoutBytes, most: MOST_KEPT, clock });
  }

  maps(images: readonly Image[]): Promise<ReadonlyMap<string, ClusterMap>> {
    return byKey(images, (image) => at(this.#maps, image));
  }

  layouts(images: readonly Image[]): Promise<ReadonlyMap<string, TargetLayout>> {
    return byKey(images, (image) => at(this.#layouts, image));
  }

  /** None: the image itself shows why a local file can't be read. */
  readError(): null {
    return null;
  }
}

async function at<T>(cache: FileCache<T>, image: Image): Promise<T | null> {
  const path = imagePath(image);
  return path === null ? null : cache.at(path, image.format);
}

async function readMap(path: string, format: string | null, size: number): Promise<ClusterMap | null> {
  if (format === 'qcow2') return readClusterMap(path);
  // A device has no size here, and no holes.
  return format === 'raw' && size > 0 ? readRawMap(path, size) : null;
}

async function readLayout(path: string, format: string | null): Promise<TargetLayout | null> {
  return format === 'qcow2' ? readTargetLayout(path) : null;
}
