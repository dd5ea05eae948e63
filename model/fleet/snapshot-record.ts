import type { Chain } from './chain.ts';
import type { Disk } from './disk.ts';

/** What libvirt stores about a snapshot. For an external one: which image it froze, and which overlay took its place. */
export interface SnapshotRecord {
  readonly name: string;
  readonly description: string | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly parent: string | null;
  readonly disks: readonly RecordedDisk[];
}

export interface RecordedDisk {
  readonly target: string;
  readonly kind: 'external' | 'internal';
  /** Key of the active image before the snapshot; `null` if the record does not name it. */
  readonly frozen: string | null;
  /** Key of the overlay that became active; `null` for an internal snapshot. */
  readonly overlay: string | null;
}

/**
 * Oldest first. Records of one second, which is libvirt's resolution, come after the ones that they depend on. libvirt lists them
 * in no order; asked for a topological order while a record was deleted, libvirt 9.0 failed over a name that was NULL.
 */
export function inOrder(records: readonly SnapshotRecord[]): readonly SnapshotRecord[] {
  const parents = new Map(records.map(({ name, parent }) => [name, parent]));
  const depth = ({ name }: SnapshotRecord) => {
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
 * could not be read to its end, the record counts as not stale.
 */
export function isStale(record: SnapshotRecord, disks: readonly Disk[]): boolean {
  return record.disks.some((recorded) => {
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
    record.disks.some((disk) => disk.target === target && disk.frozen === key),
  );
}
