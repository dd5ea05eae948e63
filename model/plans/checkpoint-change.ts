/**
 * What a step makes of the bitmaps of a disk's checkpoints. `kept`: they stay where they are, or move along. `merged`: those of
 * several images become one. In both cases the next incremental backup is right. `unsure`: nobody knows whether the image that they
 * merge into can have any. `lost`: libvirt refuses an incremental backup. `broken`: libvirt makes one that lacks data, and does not
 * say so. From `kept`, they matter more and more.
 */
export const CHECKPOINT_OUTCOMES = ['kept', 'merged', 'unsure', 'lost', 'broken'] as const;

export type CheckpointOutcome = (typeof CHECKPOINT_OUTCOMES)[number];

/** What becomes of a checkpoint on one disk. */
export interface CheckpointChange {
  readonly name: string;
  readonly target: string;
  /** `gone`: it was lost before, though libvirt still lists it. */
  readonly outcome: CheckpointOutcome | 'gone';
}
