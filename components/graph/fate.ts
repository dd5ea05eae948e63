import { type Chain, mergedToward, positionOf } from '../../model/chain.ts';

/** What a flatten does to an image: the active one receives, those above the base merge, the others stay. */
export type Fate = 'receives' | 'merges' | 'stays';

/**
 * The fate of each image by key, when everything above `base` merges.
 * Empty where nothing is picked or nothing would merge.
 */
export function fates(chain: Chain, base: string | null | undefined): ReadonlyMap<string, Fate> {
  const fate = new Map<string, Fate>();
  if (base === undefined) return fate;
  const merged = new Set(mergedToward(chain, base).map((image) => image.key));
  if (merged.size === 0) return fate;
  for (const { key } of chain.images) {
    fate.set(key, positionOf(chain, key) === 0 ? 'receives' : merged.has(key) ? 'merges' : 'stays');
  }
  return fate;
}
