import type { Chain } from './chain.ts';
import type { Disk } from './disk.ts';

/** What libvirt stores about a snapshot. For an external one: which images it froze, and which overlays took their place. */
export interface SnapshotRecord {
  readonly name: string;
  readonly description: string | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly parent: string | null;
  /** The media that were in its removable drives; left out if there were none. A revert puts an overlay on each of them, too. */
  readonly media?: readonly RecordedMedium[];
  /** Left out unless it has the guest's memory too, so that a revert lets the guest run. */
  readonly memory?: true;
  /** All disks that the guest had, but for removable media. */
  readonly disks: readonly RecordedDisk[];
}

export interface RecordedMedium {
  readonly target: string;
  /** Key of the image. */
  readonly image: string;
}

export interface RecordedDisk {
  readonly target: string;
  /** `none` for a disk that the snapshot left out. A revert takes it back to the image that it had all the same. */
  readonly kind: 'external' | 'internal' | 'none';
  /** Key of the active image before the snapshot; `null` if the record does not name it. */
  readonly frozen: string | null;
  /** Key of the overlay that became active; `null` for what is not external. */
  readonly overlay: string | null;
  /** Key of the overlay that libvirt put on the frozen image when it reverted; left out if there is none. */
  readonly reverted?: string;
  /** Left out unless the record names the frozen image as a volume of a pool, which libvirt does not revert to. */
  readonly volume?: true;
  /** Left out unless libvirt began to merge later data into the overlay, to delete a snapshot, and did not complete it. */
  readonly deleting?: true;
}

/** What libvirt records of a moment, of a snapshot or of a checkpoint. */
interface Moment {
  readonly name: string;
  readonly createdAt: number;
  readonly parent: string | null;
}

/**
 * Oldest first. Records of one second, which is libvirt's resolution, come after the ones that they depend on. libvirt lists them
 * in no order; asked for a topological order while a record was deleted, libvirt 9.0 failed over a name that was NULL.
 */
export function inOrder<T extends Moment>(records: readonly T[]): readonly T[] {
  const parents = new Map(records.map(({ name, parent }) => [name, parent]));
  const depth = ({ name }: T) => {
    const seen = new Set<string>();
    for (let at: string | null | undefined = name; at && !seen.has(at); at = parents.get(at)) seen.add(at);
    return seen.size;
  };
  return records.toSorted(
    (a, b) => a.createdAt - b.createdAt || depth(a) - depth(b) || (a.name < b.name ? -1 : 1),
  );
}

/**
 * A record is stale when it names images that are no longer in the chain of its disk. If the chain
 * could not be read to its end, the record counts as not stale. Only where libvirt can't revert to external snapshots:
 * elsewhere `record-state.ts` tells what such a record is.
 */
export function isStale(record: SnapshotRecord, disks: readonly Disk[]): boolean {
  return record.disks.some((recorded) => {
    if (recorded.kind === 'none') return false;
    const disk = disks.find(({ target }) => target === recorded.target);
    if (disk === undefined || disk.chain === null || disk.problem !== null) return false;
    return !holdsBoth(disk.chain, recorded);
  });
}

function holdsBoth(chain: Chain, recorded: RecordedDisk): boolean {
  const named = [recorded.frozen, recorded.overlay].filter((key) => key !== null);
  return named.every((key) => chain.images.some((image) => image.key === key));
}

/** The records of the snapshots that froze an image. */
export function recordsOn(
  records: readonly SnapshotRecord[],
  target: string,
  key: string,
): readonly SnapshotRecord[] {
  return records.filter((record) =>
    record.disks.some((disk) => disk.target === target && disk.kind !== 'none' && disk.frozen === key),
  );
}

/**
 * The line of a record: itself, its parent and so on up to the first one; `null` if there is no such record. A record
 * outside of the current one's line is on a branch.
 */
export function lineOf(records: readonly SnapshotRecord[], name: string): readonly SnapshotRecord[] | null {
  const known = new Map(records.map((record) => [record.name, record]));
  const line: SnapshotRecord[] = [];
  for (let at = known.get(name); at !== undefined && !line.includes(at); at = known.get(at.parent ?? '')) {
    line.push(at);
  }
  return line.length === 0 ? null : line;
}
