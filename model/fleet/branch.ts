import { keys } from './chain.ts';
import { type Image, UNKNOWN_TRAITS } from './image.ts';
import type { Recorded } from './record-state.ts';
import { leadOf } from './revert-basis.ts';

/** A line of images beside a disk's chain that snapshots need. */
export interface Branch {
  /** From the topmost image down. */
  readonly images: readonly Image[];
  /** Key of the image that the lowest one is backed by, in the chain or in a branch before this one; `null` if it is backed by neither. */
  readonly on: string | null;
  /** Whether that is known. */
  readonly complete: boolean;
}

/**
 * The branches of a disk, the longest first, so that the others rest on it or on the chain: each image once. None where
 * libvirt can't revert to external snapshots.
 */
export function branchesOf(guest: Recorded, target: string): readonly Branch[] {
  const seen = new Set(chainKeys(guest, target));
  const lines = [...new Set(namedIn(guest, target).flatMap(({ named }) => named))]
    .filter((key) => !seen.has(key))
    .map((key) => lineFrom(guest, key, seen))
    .toSorted((a, b) => b.images.length - a.images.length);
  return lines.flatMap((line): Branch[] => {
    const joint = line.images.findIndex(({ key }) => seen.has(key));
    const images = joint === -1 ? line.images : line.images.slice(0, joint);
    for (const { key } of images) seen.add(key);
    if (images.length === 0) return [];
    return joint === -1 ? [line] : [{ images, on: line.images[joint]?.key ?? null, complete: true }];
  });
}

/** The snapshots that are not in a disk's chain, by the key of each image that a revert to them reads. */
export function branchReaders(guest: Recorded, target: string): ReadonlyMap<string, readonly string[]> {
  const chain = new Set(chainKeys(guest, target));
  const readers = new Map<string, string[]>();
  for (const { record, named } of namedIn(guest, target)) {
    const read = named.filter((key) => !chain.has(key)).flatMap((key) => [key, ...keys(leadOf(guest, key))]);
    for (const key of new Set(read)) readers.set(key, [...(readers.get(key) ?? []), record]);
  }
  return readers;
}

/** An image with all that is known to be below it, down to the chain. */
function lineFrom(guest: Recorded, key: string, chain: ReadonlySet<string>): Branch {
  const { images, complete } = leadOf(guest, key);
  const end = images.findIndex((image) => chain.has(image.key));
  if (end !== -1) return { images: images.slice(0, end), on: images[end]?.key ?? null, complete: true };
  return { images: images.length === 0 ? [unread(key)] : images, on: null, complete };
}

/** What the records name of a disk: what a revert reads, or deletes as the present overlay. */
function namedIn({ records, reverts }: Recorded, target: string) {
  if (reverts === null) return [];
  return records.map(({ name, disks }) => ({
    record: name,
    named: disks.flatMap((disk) =>
      disk.target === target ? [disk.frozen, disk.reverted].filter((key) => typeof key === 'string') : [],
    ),
  }));
}

function chainKeys({ disks }: Recorded, target: string): readonly string[] {
  const chain = disks.find((disk) => disk.target === target)?.chain;
  return chain ? keys(chain) : [];
}

/** An image of which nothing but its name is known. */
function unread(key: string): Image {
  return {
    key,
    source: { kind: 'file', path: key },
    format: null,
    index: null,
    virtualSize: null,
    allocated: null,
    missing: false,
    traits: UNKNOWN_TRAITS,
  };
}
