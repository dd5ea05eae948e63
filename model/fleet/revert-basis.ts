import type { Problem } from '../problem.ts';
import type { Disk } from './disk.ts';
import type { Image } from './image.ts';

/** What libvirt goes by when it reverts a guest to an external snapshot, beside the records and the chains. */
export interface RevertBasis {
  /** Name of the record that the guest's present state began with; `null` for none. libvirt's XML does not say which it is. */
  readonly current: string | null;
  /** Images in none of the guest's chains that a record names or that such an image leads to, each once. */
  readonly aside: readonly AsideImage[];
  /**
   * The last write to each image that a record froze, and to all that it leads to, but for active images: milliseconds since
   * 1970, by key. Left out where it is unknown.
   */
  readonly writtenAt: Readonly<Record<string, number>>;
  /**
   * Of these images, those that an operation of ours wrote last, by key: the names of the snapshots that read the same afterwards.
   * Left out where that makes no difference.
   */
  readonly writtenByUs?: Readonly<Record<string, readonly string[]>>;
}

export interface AsideImage extends Image {
  /** Key of its backing image; `null` for none, or where `problem` says why it is unknown. */
  readonly backing: string | null;
  readonly problem: Problem | null;
}

/** An image with everything that it leads to. */
export interface Lead {
  /** The image itself first, then down as far as known; empty if nobody knows the image. */
  readonly images: readonly Image[];
  /** Whether the last one surely has no backing image. */
  readonly complete: boolean;
}

/** Where the images of a guest are known from. */
interface Known {
  readonly disks: readonly Disk[];
  readonly reverts: RevertBasis | null;
}

/** All images of a guest that are known, in its chains and beside them. */
export function knownImages({ disks, reverts }: Known): readonly Image[] {
  return [...disks.flatMap(({ chain }) => chain?.images ?? []), ...(reverts?.aside ?? [])];
}

/** What an image that a record names leads to, by the guest's chains and what is known beside them. */
export function leadOf({ disks, reverts }: Known, key: string): Lead {
  const images: Image[] = [];
  const seen = new Set<string>();
  for (let at: string | null = key; at !== null; ) {
    if (seen.has(at)) return { images, complete: false };
    seen.add(at);
    for (const { chain, problem } of disks) {
      const position: number = chain?.images.findIndex((image) => image.key === at) ?? -1;
      if (chain !== null && position !== -1) {
        return { images: [...images, ...chain.images.slice(position)], complete: problem === null };
      }
    }
    const aside: AsideImage | undefined = reverts?.aside.find((image) => image.key === at);
    if (aside === undefined) return { images, complete: false };
    images.push(aside);
    if (aside.missing || aside.problem !== null) return { images, complete: false };
    at = aside.backing;
  }
  return { images, complete: true };
}
