import { z } from 'zod';
import { assumedLayout } from '../../../model/content/assumed-layout.ts';
import type { ClusterMap } from '../../../model/content/cluster-map.ts';
import { SUBCLUSTERS, type TargetLayout } from '../../../model/content/target-layout.ts';
import { type Image, imagePath } from '../../../model/fleet/image.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import type { SshTarget } from '../../libvirt/index.ts';
import { type FileStamp, readStamps, STAMP, stampOf } from '../shell/remote-files.ts';
import { RemoteShellError, runRemotely } from '../shell/remote-shell.ts';
import { type AllocationMaps, byKey } from './allocation-map.ts';
import { ExtentError, ExtentReader } from './extent-reader.ts';

/** Bytes. A raw image has no clusters; holes of file systems are no finer than this. */
const BLOCK = 4096;
/** More units than this are not worth the memory; of large disks with subclusters only whole clusters are kept. */
const MOST_UNITS = 2 ** 28;
const MOST_SUBCLUSTERS = 2 ** 26;
/** Bytes of maps and layouts that are kept for one host. */
const MOST_KEPT = 32 * 2 ** 20;
/** Milliseconds that a plan waits for its images together. `qemu-img map` takes 13 s for a million extents. */
const LIMIT = 30_000;
/** Milliseconds for which a host that can't be asked is not asked again. */
const REST = 60_000;
/** Characters of `qemu-img info`. */
const LONGEST_INFO = 2 ** 20;

export interface AllocationMapResult {
  readonly map: ClusterMap;
  /** `null` for a raw image. */
  readonly layout: TargetLayout | null;
}

const info = z.object({
  'virtual-size': z.number(),
  'cluster-size': z.number().optional(),
  'format-specific': z
    .object({
      data: z.object({ 'extended-l2': z.boolean().optional(), 'refcount-bits': z.number().optional() }),
    })
    .optional(),
});
type Info = z.infer<typeof info>;

/** Asks `qemu-img map` on the host itself, through the shell that an ssh connection leads to. */
export class RemoteAllocationMap implements AllocationMaps {
  readonly basis = 'qemu-img-map';
  readonly #target: SshTarget;
  readonly #limit: number;
  readonly #kept = new Map<string, AllocationMapResult & { readonly version: string }>();
  /** By version. */
  readonly #reading = new Map<string, Promise<AllocationMapResult | null>>();
  /** By image key. */
  readonly #readErrors = new Map<string, Problem>();
  #bytes = 0;
  /** Until when it is not asked, by `performance.now()`. */
  #rests = 0;

  /** @param limit milliseconds that may be waited for images together; those that were read by then are kept */
  constructor(target: SshTarget, limit = LIMIT) {
    this.#target = target;
    this.#limit = limit;
  }

  async maps(images: readonly Image[]): Promise<ReadonlyMap<string, ClusterMap>> {
    const looked = await this.#look(images);
    return byKey(images, async ({ key }) => looked.get(key)?.map ?? null);
  }

  async layouts(images: readonly Image[]): Promise<ReadonlyMap<string, TargetLayout>> {
    const looked = await this.#look(images.filter(({ format }) => format === 'qcow2'));
    return byKey(images, async ({ key }) => looked.get(key)?.layout ?? null);
  }

  readError(images: readonly Image[]): Problem | null {
    return images.map(({ key }) => this.#readErrors.get(key)).find((one) => one !== undefined) ?? null;
  }

  async #look(images: readonly Image[]): Promise<ReadonlyMap<string, AllocationMapResult>> {
    const readable = images.filter(isReadable);
    if (readable.length === 0) return new Map();
    const deadline = performance.now() + this.#limit;
    const paths = readable.map((image) => imagePath(image) ?? '');
    const stamps = await this.#unlessRefused(readable, () => readStamps(this.#target, paths, deadline));
    if (stamps === null) return new Map();
    const byImage = new Map(readable.map(({ key }, at) => [key, stamps[at] ?? null]));
    return byKey(readable, async (image) => {
      const stamp = byImage.get(image.key) ?? null;
      return stamp && this.#at(image, stamp, deadline);
    });
  }

  async #at(image: Image, stamp: FileStamp, deadline: number): Promise<AllocationMapResult | null> {
    const version = `${image.format} ${stamp.version}`;
    const kept = this.#kept.get(image.key);
    if (stamp.settled && kept?.version === version) return kept;
    // The map and the layout are asked for at the same time.
    const under = this.#reading.get(version);
    if (under !== undefined) return under;
    const reading = this.#read(image, stamp, version, deadline);
    this.#reading.set(version, reading);
    return reading.finally(() => this.#reading.delete(version));
  }

  async #read(
    image: Image,
    stamp: FileStamp,
    version: string,
    deadline: number,
  ): Promise<AllocationMapResult | null> {
    this.#drop(image.key);
    const looked = await this.#unlessRefused([image], () => lookInto(this.#target, image, deadline));
    if (looked === null) return null;
    const { after, ...allocationMap } = looked;
    // Written meanwhile, it may be half of what was and half of what is.
    if (stamp.settled && after === stamp.version) this.#keep(image.key, { ...allocationMap, version });
    return allocationMap;
  }

  #keep(key: string, allocationMap: AllocationMapResult & { readonly version: string }): void {
    this.#drop(key);
    if (bytesOf(allocationMap) > MOST_KEPT) return;
    this.#kept.set(key, allocationMap);
    this.#bytes += bytesOf(allocationMap);
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= MOST_KEPT) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    const kept = this.#kept.get(key);
    if (kept !== undefined) this.#bytes -= bytesOf(kept);
    this.#kept.delete(key);
  }

  /** `null` where the host does not let us look: its images are planned with as ones that nobody looked into. */
  async #unlessRefused<T>(images: readonly Image[], look: () => Promise<T>): Promise<T | null> {
    if (performance.now() < this.#rests) return null;
    try {
      const found = await look();
      for (const { key } of images) this.#readErrors.delete(key);
      return found;
    } catch (error) {
      if (!(error instanceof ExtentError || error instanceof RemoteShellError)) throw error;
      for (const { key } of images) this.#readErrors.set(key, readErrorFrom(error));
      const isOfHost = error instanceof RemoteShellError && error.code !== 'failed';
      if (isOfHost) this.#rests = performance.now() + REST;
      return null;
    }
  }
}

function readErrorFrom(error: ExtentError | RemoteShellError): Problem {
  const code = error instanceof RemoteShellError ? error.code : 'failed';
  return problem(TROUBLES[code], { reason: error.message });
}

const TROUBLES = {
  unreachable: 'EXTENTS_NO_SHELL',
  'not-installed': 'EXTENTS_NO_QEMU_IMG',
  timeout: 'EXTENTS_TOO_SLOW',
  failed: 'EXTENTS_UNREADABLE',
} as const;

function isReadable(image: Image): boolean {
  const known = image.format === 'qcow2' || image.format === 'raw';
  return known && image.source.kind !== 'network' && imagePath(image)?.startsWith('/') === true;
}

/** Stands in no JSON. */
const SEPARATOR = '\u0001';
const SCRIPT = [
  'export LC_ALL=C',
  'command -v qemu-img >/dev/null || exit 127',
  'qemu-img info -U --output=json -- "$1" || exit 1',
  `printf '\\001'`,
  'qemu-img map -U --output=json -- "$1" || exit 1',
  `printf '\\001'`,
  STAMP('"$2"'),
].join('; ');

/** Throws `RemoteShellError` or `ExtentError`. */
async function lookInto(
  target: SshTarget,
  image: Image,
  deadline: number,
): Promise<(AllocationMapResult & { after: string }) | null> {
  const path = imagePath(image) ?? '';
  const file = { driver: 'file', filename: path };
  // Alone: what a backing image holds is not this one's, and it may not be there.
  const alone = image.format === 'qcow2' ? { driver: 'qcow2', file, backing: null } : { driver: 'raw', file };
  const told = new Parts();
  await runRemotely(
    target,
    { script: SCRIPT, words: [`json:${JSON.stringify(alone)}`, path], deadline },
    (text) => told.read(text),
  );
  return told.allocationMap(image);
}

/** What the script prints: the image's facts, its map, and its stamp after that. */
class Parts {
  #info = '';
  #stamp = '';
  #at = 0;
  #told: Info | null = null;
  #reader: ExtentReader | null = null;

  read(text: string): void {
    const [first = '', ...rest] = text.split(SEPARATOR);
    this.#add(first);
    for (const piece of rest) {
      this.#at++;
      if (this.#at === 1) this.#begin();
      this.#add(piece);
    }
  }

  #add(text: string): void {
    if (this.#at === 0) this.#info += text;
    else if (this.#at === 1) this.#reader?.read(text);
    else this.#stamp += text;
    if (this.#info.length + this.#stamp.length > LONGEST_INFO)
      throw new ExtentError('qemu-img info says too much');
  }

  #begin(): void {
    this.#told = parsed(this.#info);
    const { unit } = unitsOf(this.#told);
    if (this.#told['virtual-size'] / unit > MOST_UNITS) throw new ExtentError('the image is too large');
    this.#reader = new ExtentReader(this.#told['virtual-size'], unit);
  }

  allocationMap({ format }: Image): (AllocationMapResult & { after: string }) | null {
    const [reader, told] = [this.#reader, this.#told];
    if (reader === null || told === null || reader.end < told['virtual-size']) return null;
    const stamp = stampIn(this.#stamp);
    if (stamp === null) return null;
    const { clusterSize, extendedL2 } = unitsOf(told);
    const facts = {
      virtualSize: told['virtual-size'],
      clusterSize,
      extendedL2,
      refcountBits: told['format-specific']?.data['refcount-bits'] ?? 16,
      length: stamp.length,
      allocated: stamp.allocated,
    };
    const layout = format === 'qcow2' ? assumedLayout(reader.map, reader, facts) : null;
    return { map: reader.map, layout, after: stamp.version };
  }
}

function parsed(text: string): Info {
  try {
    return info.parse(JSON.parse(text));
  } catch (error) {
    throw new ExtentError('qemu-img info could not be read', { cause: error });
  }
}

function unitsOf(told: Info) {
  const clusterSize = told['cluster-size'] ?? BLOCK;
  const extendedL2 = told['format-specific']?.data['extended-l2'] === true;
  const subclusters = (told['virtual-size'] / clusterSize) * SUBCLUSTERS;
  const unit = extendedL2 && subclusters <= MOST_SUBCLUSTERS ? clusterSize / SUBCLUSTERS : clusterSize;
  return { clusterSize, extendedL2, unit };
}

function stampIn(text: string): FileStamp | null {
  const [line = '', now = ''] = text.trim().split('\n');
  return stampOf(line, Number(now));
}

function bytesOf({ map, layout }: AllocationMapResult): number {
  const ofMap = map.data.byteLength + map.zeros.byteLength;
  return layout === null ? ofMap : ofMap + layout.placed.byteLength + layout.compressed.byteLength;
}
