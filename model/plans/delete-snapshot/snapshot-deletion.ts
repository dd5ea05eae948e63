import { type Chain, positionOf } from '../../fleet/chain.ts';
import type { Disk } from '../../fleet/disk.ts';
import { diskOf, type Guest } from '../../fleet/guest.ts';
import type { Image } from '../../fleet/image.ts';
import { isMisset, type RecordState, recordState } from '../../fleet/record-state.ts';
import { leadOf } from '../../fleet/revert-basis.ts';
import { lineOf, type SnapshotRecord } from '../../fleet/snapshot-record.ts';
import { type Problem, problem } from '../../problem.ts';

/** What libvirt does to images when it deletes a snapshot, as tried with libvirt 11.3 and 12.8. */
export interface SnapshotDeletion {
  /** In the current line: the overlay that it was taken with merges into the image that it froze, disk by disk. */
  readonly merges: readonly RecordedMerge[];
  /** At the end of a branch: the images that it froze are deleted, with their data. */
  readonly dropped: readonly { readonly target: string; readonly image: Image }[];
}

export interface RecordedMerge {
  readonly target: string;
  readonly disk: Disk;
  readonly now: Chain;
  readonly above: Image | null;
  readonly overlay: Image;
  readonly base: Image;
}

/**
 * How libvirt would delete a snapshot so that all others stay right, or why it would not. It is asked when the plan is made, and
 * again right before it is done.
 */
export function deletionOf(guest: Guest, name: string): SnapshotDeletion | Problem {
  const { records, reverts } = guest;
  if (reverts === null) return problem('DELETE_SNAPSHOT_UNSUPPORTED', { name });
  const record = records.find((one) => one.name === name);
  if (record === undefined) return problem('RECORD_UNKNOWN', { name });
  if (record.disks.some(({ kind }) => kind === 'internal'))
    return problem('DELETE_SNAPSHOT_INTERNAL', { name });
  const [unfinished] = unfinishedDeletions([record], records);
  // libvirt refuses it: part of what came later may be in the overlay that is to be merged.
  if (unfinished !== undefined) return problem('DELETE_SNAPSHOT_UNFINISHED', { name, other: unfinished });
  const line = reverts.current === null ? null : lineOf(records, reverts.current);
  if (line === null) return problem('DELETE_SNAPSHOT_CHANGED', { name });
  const above = records.filter(({ parent }) => parent === name);
  if (!line.includes(record)) return endOfBranch(guest, record, above);
  if (above.length > (record === line[0] ? 0 : 1)) {
    return problem('DELETE_SNAPSHOT_BRANCHED', { name, names: namesOf(above) });
  }
  return mergesOf(guest, line, record);
}

/** What makes a deletion, and ends one that was interrupted, which left the image that it wrote in doubt. */
const MERGEABLE: readonly RecordState[] = ['good', 'written', 'merged'];

function mergesOf(
  guest: Guest,
  line: readonly SnapshotRecord[],
  record: SnapshotRecord,
): SnapshotDeletion | Problem {
  const { name, disks } = record;
  const changed = problem('DELETE_SNAPSHOT_CHANGED', { name });
  if (!MERGEABLE.includes(recordState(guest, name))) return changed;
  const merges = disks
    .filter(({ kind }) => kind === 'external')
    .map(({ target, frozen, overlay, reverted }) => {
      const disk = diskOf(guest, target);
      const now = disk?.chain ?? { images: [] };
      const at = overlay === null ? -1 : positionOf(now, overlay);
      const [top, base] = [now.images[at], now.images[at + 1]];
      // It is libvirt's own chain, and nobody pulled, committed or reverted in between.
      if (disk === null || top === undefined || base?.key !== frozen || reverted !== undefined) return null;
      return { target, disk, now, above: now.images[at - 1] ?? null, overlay: top, base };
    });
  const plain = merges.filter((merge) => merge !== null);
  if (plain.length === 0 || plain.length < merges.length) return changed;
  if (record === line[0] && !leavesCurrent(guest, record, plain)) {
    return problem('DELETE_SNAPSHOT_LEAVES_WRONG', { name });
  }
  const isRight = (one: SnapshotRecord) =>
    line.includes(one) && plain.every((merge) => staysRight(one, merge));
  const others = guest.records.filter((one) => one !== record && !isRight(one));
  const written = plain.flatMap(({ overlay, base }) => [overlay, base]);
  return neededBy(guest, others, written) ?? { merges: plain, dropped: [] };
}

/**
 * Whether a record of the line gives the same after the merge. libvirt rewrites one that froze the overlay. What one froze that is
 * above reads the same; what one froze that left the chain may be backed by the image that is written.
 */
function staysRight({ disks }: SnapshotRecord, { target, now, overlay, base }: RecordedMerge): boolean {
  const frozen = disks.find((disk) => disk.target === target)?.frozen ?? null;
  if (frozen === null) return true;
  const at = positionOf(now, frozen);
  return at !== -1 && (at <= positionOf(now, overlay.key) || at > positionOf(now, base.key));
}

/**
 * Names of the snapshots whose deletion was interrupted: what they froze is being merged into the overlays of these. libvirt marks
 * the overlay, and the same deletion completes it.
 */
export function unfinishedDeletions(
  marked: readonly SnapshotRecord[],
  records: readonly SnapshotRecord[],
): readonly string[] {
  const begun = marked.flatMap(({ name: parent, disks }) =>
    disks.flatMap(({ target, overlay, deleting }) =>
      deleting
        ? records.filter(
            (one) =>
              one.parent === parent &&
              one.disks.some((disk) => disk.target === target && disk.frozen === overlay),
          )
        : [],
    ),
  );
  return [...new Set(begun.map(({ name }) => name))];
}

/**
 * Whether what is the current snapshot afterwards names the active images. After a revert and a snapshot it names those of
 * a branch, which the next revert would delete; without any, the next revert would end libvirt's daemon.
 */
function leavesCurrent(
  { disks, records }: Guest,
  { name, parent }: SnapshotRecord,
  merges: readonly RecordedMerge[],
): boolean {
  const next = records.find((one) => one.name === parent);
  if (next === undefined) return records.every((one) => one.name === name);
  const left = disks.map((disk) => {
    const merge = merges.find(({ target }) => target === disk.target);
    const images = merge?.now.images.filter((image) => image !== merge.overlay);
    return images === undefined ? disk : { ...disk, chain: { images } };
  });
  return !isMisset({ disks: left }, next);
}

function endOfBranch(
  guest: Guest,
  record: SnapshotRecord,
  above: readonly SnapshotRecord[],
): SnapshotDeletion | Problem {
  const { name, disks } = record;
  if (above.length > 0) return problem('DELETE_SNAPSHOT_BELOW', { name, names: namesOf(above) });
  if (recordState(guest, name) !== 'branch') return problem('DELETE_SNAPSHOT_CHANGED', { name });
  const dropped = disks
    .filter(({ kind }) => kind === 'external')
    .flatMap(({ target, frozen }) => {
      const [image] = frozen === null ? [] : leadOf(guest, frozen).images;
      return image === undefined ? [] : [{ target, image }];
    });
  const images = dropped.map(({ image }) => image);
  const inUse = images.find(({ key }) =>
    guest.disks.some(({ chain }) => chain && positionOf(chain, key) !== -1),
  );
  if (inUse !== undefined) return problem('DELETE_SNAPSHOT_SHARED', { image: inUse.key });
  const others = guest.records.filter((one) => one !== record);
  return neededBy(guest, others, images) ?? { merges: [], dropped };
}

/** Which of the snapshots need one of these images as it is. */
function neededBy(guest: Guest, others: readonly SnapshotRecord[], images: readonly Image[]): Problem | null {
  const keys = new Set(images.map(({ key }) => key));
  const needing = others.filter(({ disks }) =>
    disks.some(
      ({ frozen, reverted }) =>
        (reverted !== undefined && keys.has(reverted)) ||
        (frozen !== null && leadOf(guest, frozen).images.some(({ key }) => keys.has(key))),
    ),
  );
  return needing.length === 0 ? null : problem('DELETE_SNAPSHOT_NEEDED', { names: namesOf(needing) });
}

function namesOf(some: readonly SnapshotRecord[]): string {
  return some.map(({ name }) => name).join(', ');
}

export function isProblem(found: SnapshotDeletion | Problem): found is Problem {
  return 'code' in found;
}
