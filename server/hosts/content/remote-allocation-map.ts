import type { ClusterMap } from '../../../model/content/cluster-map.ts';
import type { TargetLayout } from '../../../model/content/target-layout.ts';
import { type Image, imagePath } from '../../../model/fleet/image.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import type { SshTarget } from '../../libvirt/index.ts';
import { type FileStamp, readStamps } from '../shell/remote-files.ts';
import { RemoteShellError } from '../shell/remote-shell.ts';
import { byKey, type HostAllocationMaps } from './allocation-map.ts';
import { ExtentError } from './extent-reader.ts';
import { layoutBytes, mapBytes } from './kept-bytes.ts';
import { type RemoteMap, readRemoteMap, versionFor } from './remote-map.ts';
import { VersionCache } from './version-cache.ts';

/** Bytes of maps and layouts that are kept for one host. */
const MOST_KEPT = 32 * 2 ** 20;
/** Milliseconds that a plan waits for all its images. `qemu-img map` takes 13 s for a million extents. */
const LIMIT = 30_000;
/** Milliseconds for which a host that can't be asked is not asked again. */
const PAUSE = 60_000;

/** Asks `qemu-img map` on the host itself, through the shell that an ssh connection leads to. */
export class RemoteAllocationMap implements HostAllocationMaps {
  readonly basis = 'qemu-img-map';
  readonly #target: SshTarget;
  readonly #limit: number;
  readonly #cache = new VersionCache<RemoteMap>({ bytesOf, most: MOST_KEPT });
  /** By image key. */
  readonly #readErrors = new Map<string, Problem>();
  /** The host isn't asked before, by `performance.now()`. */
  #pausedUntil = 0;

  /** @param limit milliseconds to wait for all images of one call; what was read by then is kept */
  constructor(target: SshTarget, limit = LIMIT) {
    this.#target = target;
    this.#limit = limit;
  }

  async maps(images: readonly Image[]): Promise<ReadonlyMap<string, ClusterMap>> {
    const found = await this.#read(images);
    return byKey(images, async ({ key }) => found.get(key)?.map ?? null);
  }

  async layouts(images: readonly Image[]): Promise<ReadonlyMap<string, TargetLayout>> {
    const found = await this.#read(images.filter(({ format }) => format === 'qcow2'));
    return byKey(images, async ({ key }) => found.get(key)?.layout ?? null);
  }

  readError(images: readonly Image[]): Problem | null {
    return images.map(({ key }) => this.#readErrors.get(key)).find((one) => one !== undefined) ?? null;
  }

  async #read(images: readonly Image[]): Promise<ReadonlyMap<string, RemoteMap>> {
    const readable = images.filter(isReadable);
    if (readable.length === 0) return new Map();
    const deadline = performance.now() + this.#limit;
    const paths = readable.map((image) => imagePath(image) ?? '');
    const stamps = await this.#ask(readable, () => readStamps(this.#target, paths, deadline));
    if (stamps === null) return new Map();
    const byImage = new Map(readable.map(({ key }, at) => [key, stamps[at] ?? null]));
    return byKey(readable, async (image) => {
      const stamp = byImage.get(image.key) ?? null;
      return stamp && this.#readOne(image, stamp, deadline);
    });
  }

  #readOne(image: Image, stamp: FileStamp, deadline: number): Promise<RemoteMap | null> {
    const read = () => this.#ask([image], () => readRemoteMap(this.#target, image, deadline));
    return this.#cache.get(
      image.key,
      versionFor(image.format, stamp),
      async () => (await read()) ?? { value: null, after: null },
    );
  }

  /** `null` where the host can't be asked or its answer can't be read; the reason is kept for these images. */
  async #ask<T>(images: readonly Image[], ask: () => Promise<T>): Promise<T | null> {
    if (performance.now() < this.#pausedUntil) return null;
    try {
      const answer = await ask();
      for (const { key } of images) this.#readErrors.delete(key);
      return answer;
    } catch (error) {
      if (!(error instanceof ExtentError || error instanceof RemoteShellError)) throw error;
      for (const { key } of images) this.#readErrors.set(key, readErrorFrom(error, key));
      const isOfHost = error instanceof RemoteShellError && error.code !== 'failed';
      if (isOfHost) this.#pausedUntil = performance.now() + PAUSE;
      return null;
    }
  }
}

function readErrorFrom(error: ExtentError | RemoteShellError, image: string): Problem {
  return error instanceof ExtentError
    ? problem(error.code, { image })
    : problem(CODES[error.code], { reason: error.message });
}

const CODES = {
  unreachable: 'EXTENTS_NO_SHELL',
  'not-installed': 'EXTENTS_NO_QEMU_IMG',
  timeout: 'EXTENTS_TOO_SLOW',
  failed: 'EXTENTS_UNREADABLE',
} as const;

function isReadable(image: Image): boolean {
  const known = image.format === 'qcow2' || image.format === 'raw';
  return known && image.source.kind !== 'network' && imagePath(image)?.startsWith('/') === true;
}

function bytesOf({ map, layout }: RemoteMap): number {
  return mapBytes(map) + (layout === null ? 0 : layoutBytes(layout));
}
