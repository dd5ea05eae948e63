import { virshCommand } from '../command.ts';
import type { StepKind } from '../kind.ts';
import { guestOf } from '../plan.ts';
import type { AnyStep } from '../step.ts';

/** Has libvirt revert a guest that is shut off to an external snapshot. It stays off. */
export interface RevertStep extends AnyStep {
  readonly kind: 'revert';
  /** Name of the snapshot. */
  readonly name: string;
  /** Name of the snapshot that is the current one before. What libvirt deletes goes by it. */
  readonly from: string;
  readonly disks: readonly RevertedDisk[];
  /** Keys of the files that libvirt deletes. */
  readonly deleted: readonly string[];
}

/** libvirt puts a new overlay on the image that the snapshot names for the disk. */
export interface RevertedDisk {
  readonly target: string;
  /** Keys of its images before, from the active one down; empty if the guest has no such disk. */
  readonly before: readonly string[];
  /** Keys of the images below the new overlay, whose name is known only afterwards. */
  readonly below: readonly string[];
}

export const revertStepKind: StepKind<RevertStep> = {
  work: 'final',
  // They are in images that leave the chain. libvirt keeps the checkpoint and does not say so.
  bitmaps: (_, { disks }, of) => (disks.some(({ target }) => target === of) ? 'lost' : 'kept'),
  command: (plan, step) => [
    virshCommand(plan, step, ['snapshot-revert', guestOf(plan).name, '--snapshotname', step.name]),
  ],
  text: (_, { name, deleted }) => ({
    name,
    files: deleted.map((path) => path.slice(path.lastIndexOf('/') + 1)).join(', '),
    count: deleted.length,
  }),
  files: ({ deleted }) => deleted,
  depthAfter(step, target, before) {
    const disk = step.disks.find((one) => one.target === target);
    return disk === undefined ? before : disk.below.length + 1;
  },
};
