import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ImageIdentity, SharedImage } from '../../../model/fleet/guest-location.ts';
import { imageKey } from '../../../model/fleet/image.ts';
import type { ImageIdentities as ImageIdentitiesPort } from '../../ports/image-identities.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Source } from '../fleet/source.ts';
import { followFile } from '../images/file-chain.ts';
import { followVolumes, volumeAt } from '../images/volume-chain.ts';

/** An image file as one host reports it; `null` for what is unknown. */
interface FileFacts {
  /** Device and file number, of this machine's files. */
  readonly identity: string | null;
  readonly capacity: number | null;
  readonly physical: number | null;
  /** Nanoseconds since 1970. */
  readonly modified: bigint | null;
}

/** Nanoseconds. Twice what an NFS client's attributes of a file that is written may be out of date (acregmax). */
const BEHIND = 120n * 10n ** 9n;

/** Compares images that two hosts should share, on shared storage or on one machine. */
export class ImageIdentities implements ImageIdentitiesPort {
  readonly #fleet: Fleet;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /**
   * Compares each image of a chain with the one that the destination has in its place, below its path of the active image.
   * @param chain keys of the source's images from the active one down
   * @param there path of the active image at the destination
   */
  async compare(
    from: string,
    to: string,
    chain: readonly string[],
    there: { readonly path: string; readonly format: string },
  ): Promise<readonly SharedImage[]> {
    const source = this.#fleet.supervisor(from).source();
    const destination = this.#fleet.supervisor(to).source();
    const below = there.path === chain[0] ? chain : await chainAt(destination, there.path, there.format);
    return Promise.all(
      chain.map(async (here, i) => {
        const path = below[i] ?? null;
        if (path === null) return { here, there: here, imageIdentity: 'unknown' as const };
        const [a, b] = await Promise.all([factsOf(source, here), factsOf(destination, path)]);
        return { here, there: path, imageIdentity: imageIdentity(a, b, i === 0) };
      }),
    );
  }
}

async function chainAt(source: Source, path: string, format: string): Promise<readonly string[]> {
  const { images } = source.local
    ? await followFile(path, format)
    : await followVolumes(source.connection, path, format);
  return images.map((image) => imageKey(image.source));
}

/** `missing` where the file doesn't exist, `null` where that is unknown. */
async function factsOf({ connection, local }: Source, path: string): Promise<FileFacts | 'missing' | null> {
  if (!path.startsWith('/')) return null;
  const file = local ? await statOf(path) : null;
  if (file === 'missing') return file;
  const volume = await volumeAt(connection, path);
  if (file === null && volume === null) return null;
  return {
    identity: file && `${file.dev} ${file.ino}`,
    capacity: volume?.capacity ?? null,
    physical: file === null ? (volume?.physical ?? null) : Number(file.size),
    modified: file === null ? nanoseconds(volume?.modified ?? null) : file.mtimeNs,
  };
}

/**
 * Whether the reports of two hosts are about one file: the same length and the same time to the nanosecond.
 * @param written whether a guest writes to the file, so that one host's report may be a little older
 */
export function imageIdentity(
  a: FileFacts | 'missing' | null,
  b: FileFacts | 'missing' | null,
  written: boolean,
): ImageIdentity {
  if (b === 'missing') return 'missing';
  if (a === null || a === 'missing' || b === null) return 'unknown';
  if (a.identity !== null && b.identity !== null) return a.identity === b.identity ? 'same' : 'different';
  if (a.capacity !== null && b.capacity !== null && a.capacity !== b.capacity) return 'different';
  if (a.modified === null || b.modified === null) return 'unknown';
  const sameLength = a.physical === null || b.physical === null || a.physical === b.physical;
  if (a.modified === b.modified && sameLength) return 'same';
  const apart = a.modified > b.modified ? a.modified - b.modified : b.modified - a.modified;
  return written && apart <= BEHIND ? 'unknown' : 'different';
}

/** Nanoseconds of libvirt's seconds with a fraction. */
export function nanoseconds(text: string | null): bigint | null {
  const [, seconds, fraction = ''] = /^(\d+)(?:\.(\d{1,9}))?$/.exec(text ?? '') ?? [];
  return seconds === undefined ? null : BigInt(seconds) * 10n ** 9n + BigInt(fraction.padEnd(9, '0'));
}

async function statOf(path: string): Promise<BigIntStats | 'missing' | null> {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing';
    if (code === 'EACCES') return null;
    throw error;
  }
}
