import type { Progress } from '../../model/operation/operation.ts';

/**
 * How much of a step is done, 0 to 1, and the bytes that remain, at most where nobody knows better; `null` where nothing is known.
 *
 * Where the maps of the images say what there is to copy, that is exact. Otherwise a block job's own position says little: it runs over
 * parts without data at once. What remains is then at most the bound of the plan less what was copied, and at most the disk beyond the
 * position; so it is zero at the end even where the bound was too high.
 *
 * @param atMost upper bound of the bytes to copy, `null` where the plan has none
 */
export function shareDone(
  progress: Progress | null,
  atMost: number | null,
): { share: number; remaining: number } | null {
  if (progress === null || progress.size === 0) return null;
  const { grownBy: copied, position, size, work } = progress;
  if (work !== null && work.total > 0) {
    return { share: Math.min(1, work.done / work.total), remaining: Math.max(0, work.total - work.done) };
  }
  const ahead = Math.max(size - position, 0);
  if (copied === null || atMost === null) return { share: position / size, remaining: ahead };
  const remaining = Math.min(Math.max(atMost - copied, 0), ahead);
  const whole = copied + remaining;
  return { share: whole === 0 ? position / size : copied / whole, remaining };
}
