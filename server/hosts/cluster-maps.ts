import { stat } from 'node:fs/promises';
import type { ClusterMap } from '../../model/cluster-map.ts';
import { readClusterMap } from './qcow2-map.ts';
import { readRawMap } from './raw-map.ts';

/** Bytes of maps that are kept: those of some hundred images of 100 GiB. */
const MOST_KEPT = 64 * 2 ** 20;

/** Maps of images that are planned with again and again; one is read anew when its file changed. */
export class ClusterMaps {
  readonly #kept = new Map<string, { readonly version: string; readonly map: ClusterMap | null }>();
  #bytes = 0;

  /** `null` where the file can't be read, or holds no such map. */
  async at(path: string, format: string | null): Promise<ClusterMap | null> {
    try {
      const { dev, ino, size, mtimeMs, ctimeMs } = await stat(path);
      const version = [format, dev, ino, size, mtimeMs, ctimeMs].join();
      const kept = this.#kept.get(path);
      if (kept?.version === version) return kept.map;
      const map = await read(path, format, size);
      this.#keep(path, version, map);
      return map;
    } catch (error) {
      // Of the file system or of qemu-img: the image is planned with as one that nobody looked into.
      if (error instanceof Error && 'code' in error) return null;
      throw error;
    }
  }

  #keep(path: string, version: string, map: ClusterMap | null): void {
    this.#drop(path);
    this.#kept.set(path, { version, map });
    this.#bytes += bytesOf(map);
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= MOST_KEPT || oldest === path) break;
      this.#drop(oldest);
    }
  }

  #drop(path: string): void {
    this.#bytes -= bytesOf(this.#kept.get(path)?.map ?? null);
    this.#kept.delete(path);
  }
}

async function read(path: string, format: string | null, size: number): Promise<ClusterMap | null> {
  if (format === 'qcow2') return readClusterMap(path);
  return format === 'raw' ? readRawMap(path, size) : null;
}

function bytesOf(map: ClusterMap | null): number {
  return map === null ? 0 : map.data.byteLength + map.zeros.byteLength;
}
