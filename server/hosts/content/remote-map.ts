import { z } from 'zod';
import { assumedLayout } from '../../../model/content/assumed-layout.ts';
import type { ClusterMap } from '../../../model/content/cluster-map.ts';
import { SUBCLUSTERS, type TargetLayout } from '../../../model/content/target-layout.ts';
import { type Image, imagePath } from '../../../model/fleet/image.ts';
import type { SshTarget } from '../../libvirt/index.ts';
import { type FileStamp, STAMP, stampOf } from '../shell/remote-files.ts';
import { runRemotely } from '../shell/remote-shell.ts';
import { ExtentError, ExtentReader } from './extent-reader.ts';
import type { VersionedValue } from './version-cache.ts';

/** The content of one image, as `qemu-img` on its host reports it. */
export interface RemoteMap {
  readonly map: ClusterMap;
  /** `null` for a raw image. */
  readonly layout: TargetLayout | null;
}

/** Bytes. A raw image has no clusters; holes of file systems are no finer than this. */
const BLOCK = 4096;
/** Larger maps are refused, to save memory. */
const MOST_UNITS = 2 ** 28;
/** A disk with more subclusters than this is mapped by whole clusters. */
const MOST_SUBCLUSTERS = 2 ** 26;
/** Characters of `qemu-img info`. */
const LONGEST_INFO = 2 ** 20;

/** A character that no JSON contains. */
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

/**
 * Reads a qcow2 or raw image through ssh, without its backing image. The value is `null` where the output is cut short.
 * Throws `RemoteShellError` or `ExtentError`.
 * @param deadline by `performance.now()`
 */
export async function readRemoteMap(
  target: SshTarget,
  image: Image,
  deadline: number,
): Promise<VersionedValue<RemoteMap>> {
  const path = imagePath(image) ?? '';
  const file = { driver: 'file', filename: path };
  // `backing: null`, since the backing image may be missing and its content doesn't belong to this image.
  const alone = image.format === 'qcow2' ? { driver: 'qcow2', file, backing: null } : { driver: 'raw', file };
  const output = new Output();
  await runRemotely(
    target,
    { script: SCRIPT, words: [`json:${JSON.stringify(alone)}`, path], deadline },
    (text) => output.read(text),
  );
  return output.result(image);
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

/** The script's output, read as it comes: `qemu-img info`, `qemu-img map`, and the file's stamp after both. */
class Output {
  #infoText = '';
  #stampText = '';
  /** Index of the part that is being read. */
  #part = 0;
  #info: Info | null = null;
  #reader: ExtentReader | null = null;

  read(text: string): void {
    const [first = '', ...rest] = text.split(SEPARATOR);
    this.#add(first);
    for (const piece of rest) {
      this.#part++;
      if (this.#part === 1) this.#beginMap();
      this.#add(piece);
    }
  }

  #add(text: string): void {
    if (this.#part === 0) this.#infoText += text;
    else if (this.#part === 1) this.#reader?.read(text);
    else this.#stampText += text;
    if (this.#infoText.length + this.#stampText.length > LONGEST_INFO)
      throw new ExtentError('EXTENTS_MALFORMED', 'the output of qemu-img info is too long');
  }

  #beginMap(): void {
    this.#info = parsed(this.#infoText);
    const { unit } = unitsOf(this.#info);
    if (this.#info['virtual-size'] / unit > MOST_UNITS)
      throw new ExtentError('EXTENTS_TOO_LARGE', 'too many units');
    this.#reader = new ExtentReader(this.#info['virtual-size'], unit);
  }

  result({ format }: Image): VersionedValue<RemoteMap> {
    const [reader, found] = [this.#reader, this.#info];
    const stamp = stampIn(this.#stampText);
    if (reader === null || found === null || stamp === null || reader.end < found['virtual-size'])
      return { value: null, after: null };
    const { clusterSize, extendedL2 } = unitsOf(found);
    const facts = {
      virtualSize: found['virtual-size'],
      clusterSize,
      extendedL2,
      refcountBits: found['format-specific']?.data['refcount-bits'] ?? 16,
      length: stamp.length,
      allocated: stamp.allocated,
    };
    const layout = format === 'qcow2' ? assumedLayout(reader.map, reader, facts) : null;
    return { value: { map: reader.map, layout }, after: versionFor(format, stamp) };
  }
}

/** A file read as another format has another content. */
export function versionFor(format: string | null, { version, settled }: FileStamp) {
  return { version: `${format} ${version}`, settled };
}

function parsed(text: string): Info {
  try {
    return info.parse(JSON.parse(text));
  } catch (error) {
    throw new ExtentError('EXTENTS_MALFORMED', 'qemu-img info could not be read', { cause: error });
  }
}

function unitsOf(found: Info) {
  const clusterSize = found['cluster-size'] ?? BLOCK;
  const extendedL2 = found['format-specific']?.data['extended-l2'] === true;
  const subclusters = (found['virtual-size'] / clusterSize) * SUBCLUSTERS;
  const unit = extendedL2 && subclusters <= MOST_SUBCLUSTERS ? clusterSize / SUBCLUSTERS : clusterSize;
  return { clusterSize, extendedL2, unit };
}

function stampIn(text: string): FileStamp | null {
  const [line = '', now = ''] = text.trim().split('\n');
  return stampOf(line, Number(now));
}
