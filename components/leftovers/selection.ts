import type { Leftover } from '../../model/fleet/leftover.ts';

type Offered = Pick<Leftover, 'path' | 'under'>;

/** The selection after a file was toggled: its overlays are selected with it, and its backing images are deselected with it. */
export function toggled(
  selected: ReadonlySet<string>,
  { path, under }: Offered,
  leftovers: readonly Offered[],
): ReadonlySet<string> {
  if (!selected.has(path)) return new Set([...selected, path, ...under]);
  const below = leftovers.filter((one) => one.under.includes(path)).map((one) => one.path);
  return new Set([...selected].filter((one) => one !== path && !below.includes(one)));
}

/** The selected files that are still offered. */
export function stillOffered<T extends Offered>(
  selected: ReadonlySet<string>,
  leftovers: readonly T[],
): readonly T[] {
  return leftovers.filter(({ path }) => selected.has(path));
}

/** Bytes; `null` where the size of one is unknown. */
export function sizeOf(files: readonly Pick<Leftover, 'allocated'>[]): number | null {
  return files.reduce<number | null>(
    (sum, { allocated }) => (sum === null || allocated === null ? null : sum + allocated),
    0,
  );
}

/** What has to be typed before files are deleted: the name of one, of several how many they are. */
export function confirmationFor(files: readonly Pick<Leftover, 'path'>[]): string {
  const [only] = files;
  return files.length === 1 && only !== undefined
    ? (only.path.split('/').at(-1) ?? only.path)
    : String(files.length);
}
