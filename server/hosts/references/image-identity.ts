import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ImageIdentity, SharedImage } from '../../../model/fleet/guest-location.ts';
import { imageKey } from '../../../model/fleet/image.ts';
import type { ImageIdentities as ImageIdentitiesPort } from '../../ports/image-identities.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Source } from '../fleet/source.ts';
import { followFile } from '../images/file-chain.ts';
import { followVolumes, volumeAt } from '../images/volume-chain.ts';

/** An image file as one host tells of it. What nobody could tell is `null`. */
interface Told {
  /** Device and file number, of this machine's files. */
  readonly identity: string | null;
  readonly capacity: number | null;
  readonly physical: number | null;
  /** Nanoseconds since 1970. */
  readonly modified: bigint | null;
}

/** As much an NFS client may be behind with the time of a file that is written (acregmax), and twice that. */
const BEHIND = 120n * 10n ** 9n;

/** Compares images that two hosts are to see alike: over shared storage, or on one machine. */
export class ImageIdentities implements ImageIdentitiesPort {
  readonly #fleet: Fleet;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /**
   * Each image of a chain with what the destination has below its path for the active one.
   * @param chain keys of the source's images from the active one down
   * @param there path by which the destination reads the active one
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
        const [a, b] = await Promise.all([tell(source, here), tell(destination, path)]);
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

/** `missing` where somebody looked and there is nothing, `null` where nobody could look. */
async function tell({ connection, local }: Source, path: string): Promise<Told | 'missing' | null> {
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
 * What to make of two hosts' words. One length and one time to the nanosecond are one file.
 * @param written whether a guest writes to it meanwhile, so that one host may be a little behind the other
 */
export function imageIdentity(
  a: Told | 'missing' | null,
  b: Told | 'missing' | null,
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

/** Of seconds with a fraction, as libvirt writes them. */
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
