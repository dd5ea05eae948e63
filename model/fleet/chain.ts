import type { Image } from './image.ts';

/**
 * A disk's images from the active one (first, written by the guest) down to the base (last).
 * Immutable; a change in libvirt gives a new chain with another fingerprint.
 */
export interface Chain {
  readonly images: readonly Image[];
}

/** A chain of this many images is deep: reads go through all of them, so it should be flattened. */
export const DEEP = 12;

export function activeOf(chain: Chain): Image | null {
  return chain.images[0] ?? null;
}

/** Keys of the images, from the active one down. */
export function keys(chain: Chain): readonly string[] {
  return chain.images.map(({ key }) => key);
}

/** Whether the chain is of just these images, from the active one down. */
export function isOf(chain: Chain | null, images: readonly string[]): boolean {
  const own = keys(chain ?? { images: [] });
  return own.length === images.length && own.every((key, i) => key === images[i]);
}

/** Position of an image, 0 the active one; -1 if it is not in the chain. */
export function positionOf(chain: Chain, key: string): number {
  return chain.images.findIndex((image) => image.key === key);
}

/**
 * Two chains with one fingerprint have the same images in the same order and formats.
 * Sizes are left out: a running guest changes them all the time.
 */
export function fingerprint(chain: Chain): string {
  return JSON.stringify(chain.images.map((image) => [image.key, image.format]));
}

/** The images that leave the chain when everything above `base` merges into the active one; `null` merges all. */
export function mergedToward(chain: Chain, base: string | null): readonly Image[] {
  const end = base === null ? chain.images.length : positionOf(chain, base);
  return end < 0 ? [] : chain.images.slice(1, end);
}

/** The chain after a flatten toward `base`. */
export function flattened(chain: Chain, base: string | null): Chain {
  const merged = new Set(mergedToward(chain, base));
  return { images: chain.images.filter((image) => !merged.has(image)) };
}
