import type { Problem } from '../problem.ts';

/** An image file. */
export interface ImageFile {
  /** Absolute path on its host. */
  readonly path: string;
  /** The same for every path that leads to the file. */
  readonly identity: string;
  readonly format: 'qcow2' | 'raw';
  /** Identities of the files that its backing image's name may mean. */
  readonly backing: readonly string[];
  /** The backing image's path as the file names it; `null` for none. */
  readonly backingPath: string | null;
  /** Bytes; `null` if unknown. */
  readonly virtualSize: number | null;
  /** Bytes taken on the file system; `null` if unknown. */
  readonly allocated: number | null;
  /** Milliseconds since 1970; `null` if unknown. */
  readonly modifiedAt: number | null;
  /** Changes when the file is written or replaced. */
  readonly stamp: string;
  /** The running storage pool that it is in; `null` if there is none, so that a transient one is made for its deletion. */
  readonly pool: string | null;
}

/** An image file that no known guest, snapshot record or other image refers to. */
export interface Leftover extends ImageFile {
  /** Paths of the leftovers that depend on it, directly or not. They have to be deleted first. */
  readonly under: readonly string[];
  readonly left: LeftBehind | null;
}

/** The operation that left an image behind. */
export interface LeftBehind {
  readonly operationId: string;
  /** The host that it was about. */
  readonly hostId: string;
  readonly intent: string;
  readonly guestName: string | null;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** An image that an operator keeps though nothing refers to it. */
export interface KeptImage {
  readonly path: string;
  readonly actor: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The leftovers of a host at one moment. */
export interface LeftoverReport {
  readonly hostId: string;
  /** What could not be read. If there is any, no image is certain to be unused. */
  readonly blocked: readonly Problem[];
  readonly leftovers: readonly Leftover[];
  /** Images that are kept on purpose, and would be leftovers otherwise. */
  readonly kept: readonly (ImageFile & Pick<KeptImage, 'actor' | 'at'>)[];
  /** Images in use although nothing known refers to them. */
  readonly inUse: readonly { readonly path: string; readonly why: Problem }[];
  /** Images that are used, with the names of their users. */
  readonly used: readonly { readonly path: string; readonly by: readonly string[] }[];
  readonly checked: CheckedCounts;
  /** Whether only the host's storage pools could be read. */
  readonly onlyPools: boolean;
}

/** How many of each were checked. */
export interface CheckedCounts {
  readonly hosts: number;
  readonly guests: number;
  readonly records: number;
  readonly pools: number;
  readonly folders: number;
  readonly files: number;
}

/** The identities that are used: these, and all that used files depend on. */
export function usedAmong(
  files: readonly Pick<ImageFile, 'identity' | 'backing'>[],
  roots: Iterable<string>,
): ReadonlySet<string> {
  const below = new Map<string, string[]>();
  for (const { identity, backing } of files)
    below.set(identity, [...(below.get(identity) ?? []), ...backing]);
  const used = new Set<string>();
  const next = [...roots];
  for (let at = next.pop(); at !== undefined; at = next.pop()) {
    if (used.has(at)) continue;
    used.add(at);
    next.push(...(below.get(at) ?? []));
  }
  return used;
}

/** Paths of the files that depend on this one, directly or not. */
export function dependentsOf(file: ImageFile, files: readonly ImageFile[]): readonly string[] {
  const found = new Set<ImageFile>();
  const next = [file.identity];
  for (let at = next.pop(); at !== undefined; at = next.pop()) {
    for (const one of files) {
      if (!one.backing.includes(at) || found.has(one) || one.identity === file.identity) continue;
      found.add(one);
      next.push(one.identity);
    }
  }
  return [...found].map(({ path }) => path);
}

/** Overlays before the images that they depend on, then by path. */
export function overlaysFirst<T extends Pick<Leftover, 'path' | 'under'>>(files: readonly T[]): readonly T[] {
  return files.toSorted((a, b) => a.under.length - b.under.length || a.path.localeCompare(b.path));
}
