import type { RecordedDisk } from '../../fleet/snapshot-record.ts';
import { virshCommand } from '../command.ts';
import type { StepKind } from '../kind.ts';
import { guestOf } from '../plan.ts';
import type { AnyStep } from '../step.ts';
import { writtenBelow } from '../written-images.ts';

/** Has libvirt delete a snapshot with what only it needs. All other snapshots stay right. */
export interface DeleteSnapshotStep extends AnyStep {
  readonly kind: 'delete-snapshot';
  /** Name of the snapshot. */
  readonly name: string;
  /** Keys of the files that libvirt deletes. */
  readonly deleted: readonly string[];
  /** What is merged first, disk by disk; none for the end of a branch. */
  readonly merges: readonly SnapshotMerge[];
}

/** The overlay that a snapshot was taken with merges into the image that it froze. */
export interface SnapshotMerge {
  readonly target: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export const deleteSnapshotStepKind: StepKind<DeleteSnapshotStep> = {
  work: 'final',
  bitmaps: (_, { merges }, of) => (merges.some(({ target }) => target === of) ? 'merged' : 'kept'),
  command: (plan, step) => [
    virshCommand(plan, step, ['snapshot-delete', guestOf(plan).name, '--snapshotname', step.name]),
  ],
  text: (_, { name, deleted, merges }) => ({
    name,
    files: deleted.map((path) => path.slice(path.lastIndexOf('/') + 1)).join(', '),
    count: merges.length,
  }),
  pivots: ({ merges }) => merges.length > 0,
  files: ({ deleted }) => deleted,
  rewrites: ({ merges }) => merges.flatMap(writtenBelow),
  depthAfter: ({ merges }, target, before) =>
    merges.find((one) => one.target === target)?.after.length ?? before,
  recordsAfter: ({ name, merges }, records) => {
    const parent = records.find((record) => record.name === name)?.parent ?? null;
    return records
      .filter((record) => record.name !== name)
      .map((record) => ({
        ...record,
        parent: record.parent === name ? parent : record.parent,
        disks: record.disks.map((disk) => rewritten(disk, merges)),
      }));
  },
};

/** Key of the image that the overlay merges into. */
export function mergedInto({ before, after }: SnapshotMerge): string | null {
  return before[before.findIndex((key) => !after.includes(key)) + 1] ?? null;
}

/** libvirt has a record that froze the overlay name the image that this merged into. */
function rewritten(disk: RecordedDisk, merges: readonly SnapshotMerge[]): RecordedDisk {
  const { target, frozen } = disk;
  const merge = merges.find((one) => one.target === target);
  if (merge === undefined || frozen === null) return disk;
  const goes = merge.before.includes(frozen) && !merge.after.includes(frozen);
  return goes ? { ...disk, frozen: mergedInto(merge) } : disk;
}
