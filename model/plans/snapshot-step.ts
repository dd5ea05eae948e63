import { keys } from '../fleet/chain.ts';
import type { Disk } from '../fleet/disk.ts';
import { keepsBitmaps } from './bitmaps.ts';
import { virshCommand } from './command.ts';
import type { StepKind } from './kind.ts';
import { overlaid } from './overlay.ts';
import { guestOf } from './plan.ts';
import type { AnyStep } from './step.ts';

/** Freezes the active images of some disks at one moment, under new overlays. */
export interface SnapshotStep extends AnyStep {
  readonly kind: 'snapshot';
  readonly name: string;
  readonly description: string;
  /** Whether the guest's agent flushes and freezes its file systems first. */
  readonly quiesce: boolean;
  readonly disks: readonly FrozenDisk[];
  /** Targets of the guest's other disks, which stay as they are. */
  readonly others: readonly string[];
}

export interface FrozenDisk {
  readonly target: string;
  /** Absolute path of the overlay; nothing is there before. */
  readonly file: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export const snapshotStepKind: StepKind<SnapshotStep> = {
  work: 'call',
  bitmaps: keepsBitmaps,
  command: (plan, step) => {
    const { name, description, quiesce, disks, others } = step;
    return [
      virshCommand(plan, step, [
        'snapshot-create-as',
        guestOf(plan).name,
        name,
        ...(description === '' ? [] : [description]),
        '--disk-only',
        '--atomic',
        ...(quiesce ? ['--quiesce'] : []),
        // virsh takes a comma in a value doubled.
        ...disks.flatMap(({ target, file }) => [
          '--diskspec',
          `${target},file=${file.replaceAll(',', ',,')}`,
        ]),
        ...others.flatMap((target) => ['--diskspec', `${target},snapshot=no`]),
      ]),
    ];
  },
  text: (_, { name, disks }) => ({ name, count: disks.length }),
  files: ({ disks }) => disks.map(({ file }) => file),
  depthAfter: ({ disks }, target, before) =>
    disks.find((one) => one.target === target)?.after.length ?? before,
  recordsAfter({ name, description, disks }, records) {
    const made = disks.map(({ target, before, after }) => ({
      target,
      kind: 'external' as const,
      frozen: before[0] ?? null,
      overlay: after[0] ?? null,
    }));
    const others = records.filter((record) => record.name !== name);
    return [...others, { name, description, createdAt: 0, parent: null, disks: made }];
  },
};

/** The step that puts these overlays on disks of a guest. @param all the guest's disks */
export function snapshotStep(
  hostId: string,
  all: readonly Disk[],
  { name, description, quiesce }: Pick<SnapshotStep, 'name' | 'description' | 'quiesce'>,
  overlays: readonly { readonly target: string; readonly file: string }[],
): SnapshotStep {
  const chosen = new Set(overlays.map(({ target }) => target));
  return {
    kind: 'snapshot',
    hostId,
    name,
    description,
    quiesce,
    disks: overlays.map(({ target, file }) => {
      const now = all.find((disk) => disk.target === target)?.chain ?? { images: [] };
      return { target, file, before: keys(now), after: keys(overlaid(now, file)) };
    }),
    others: all.map(({ target }) => target).filter((target) => !chosen.has(target)),
  };
}
