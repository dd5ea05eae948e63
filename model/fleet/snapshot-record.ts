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
  /** Key of the image in use until the snapshot; `null` where the record does not say. */
  readonly frozen: string | null;
  /** Key of the image that took its place; `null` for an internal snapshot. */
  readonly overlay: string | null;
}

/**
 * Oldest first, and those of one second (which is all that libvirt stores) after the ones that they rest on. libvirt lists them
 * by chance; asked for its topological order while a record went, libvirt 9.0 failed over a name that was NULL.
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
 * A record is stale when it names images that are no longer in the chain of the disk that they were made for. Of a chain that
 * could not be followed to its end nobody can tell.
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

/** The records that hang on an image: those made when it was frozen. */
export function recordsOn(
  records: readonly SnapshotRecord[],
  target: string,
  key: string,
): readonly SnapshotRecord[] {
  return records.filter((record) =>
    record.disks.some((disk) => disk.target === target && disk.frozen === key),
  );
}
