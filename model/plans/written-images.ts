import type { ChainStep } from './step.ts';

/**
 * Keys of the images below the active one that a commit writes: its base, and the image above those that merge, in whose header
 * QEMU writes another backing image when all is copied.
 */
export function writtenBelow({ before, after }: Pick<ChainStep, 'before' | 'after'>): readonly string[] {
  const isGone = (key: string) => !after.includes(key);
  const [first, last] = [before.findIndex(isGone), before.findLastIndex(isGone)];
  return [...before.slice(Math.max(1, first - 1), Math.max(1, first)), ...before.slice(last + 1, last + 2)];
}
