import type { BlockJob } from '../fleet/block-job.ts';

/**
 * One thing that an operation does. A step says all that is needed to see whether it is done: what the chain was before it and
 * what it is after it, as image keys from the active one down. So a fresh process needs nothing but the step and a look.
 */
export type Step =
  | PullStep
  | ShutOffPullStep
  | CommitStep
  | ActiveCommitStep
  | CopyStep
  | SnapshotStep
  | ForgetStep
  | OverlayStep
  | MigrateStep
  | EndJobStep
  | RedefineStep
  | RewriteHeaderStep
  | RepairLeaksStep
  | DeleteStep
  | ResumeStep;

interface OnHost {
  /** Where it is done: the guest's host, or the one that it was migrated to. */
  readonly hostId: string;
}

/** A step that changes one disk's chain. */
export interface ChainStep extends OnHost {
  readonly target: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Merges what lies between the active image and the base into the active one. */
export interface PullStep extends ChainStep {
  readonly kind: 'pull';
  /** Key of the image that stays below; `null` merges the whole chain. */
  readonly base: string | null;
}

/** The same for a guest that is shut off: it is started paused, pulled, and destroyed; it never runs an instruction. */
export interface ShutOffPullStep extends ChainStep {
  readonly kind: 'shut-off-pull';
  readonly base: string | null;
}

/** Merges the images from `top` down to just above `base` into `base`; `top` is not the active image. */
export interface CommitStep extends ChainStep {
  readonly kind: 'commit';
  readonly top: string;
  readonly base: string;
}

/** Merges everything above `base`, the active image too, into `base`, and pivots the guest to it. */
export interface ActiveCommitStep extends ChainStep {
  readonly kind: 'active-commit';
  readonly base: string;
}

/** Copies all that the guest sees into one new image, and pivots the guest to it. */
export interface CopyStep extends ChainStep {
  readonly kind: 'copy';
  /** Absolute path on the host; nothing is there before. */
  readonly file: string;
  readonly format: 'qcow2' | 'raw';
}

/** Freezes the active images of some disks at one moment, under new overlays. */
export interface SnapshotStep extends OnHost {
  readonly kind: 'snapshot';
  readonly name: string;
  readonly description: string;
  /** Asks the guest's agent to bring its file systems to rest first. */
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

/** Removes libvirt's records of snapshots, never data. */
export interface ForgetStep extends OnHost {
  readonly kind: 'forget';
  readonly names: readonly string[];
}

/** Makes an empty overlay at the destination of a migration, through its storage pools. */
export interface OverlayStep extends OnHost {
  readonly kind: 'overlay';
  readonly target: string;
  readonly file: string;
  readonly backing: { readonly path: string; readonly format: string };
  /** Bytes. */
  readonly virtualSize: number;
}

/** Moves the running guest to another host; `hostId` is where it comes from. */
export interface MigrateStep extends OnHost {
  readonly kind: 'migrate';
  readonly to: string;
  /** How the source's daemon reaches the destination's. */
  readonly destinationUri: string;
  /** How its QEMU does; `null` leaves that to libvirt. */
  readonly migrateUri: string | null;
  /** Which file each disk has at the destination. */
  readonly disks: readonly { readonly target: string; readonly file: string }[];
}

/** Ends a block job that no operation has; `after` is the chain that its end leaves. */
export interface EndJobStep extends ChainStep {
  readonly kind: 'end-job';
  readonly how: 'pivot' | 'abort';
  readonly job: BlockJob['kind'];
}

/** Has the persistent definition of a running guest follow what the guest has. */
export interface RedefineStep extends OnHost {
  readonly kind: 'redefine';
  readonly target: string;
  /** What the definition names before and after, as keys that need nobody to look up a volume's path. */
  readonly from: string;
  readonly to: string;
}

/** Writes the name and the format of the backing image into a header. */
export interface RewriteHeaderStep extends OnHost {
  readonly kind: 'rewrite-header';
  readonly target: string;
  /** Path of the image whose header it is. */
  readonly image: string;
  readonly was: { readonly name: string; readonly format: string | null };
  readonly backing: { readonly name: string; readonly format: string };
}

/** Gives back the leaked clusters of an image. */
export interface RepairLeaksStep extends OnHost {
  readonly kind: 'repair-leaks';
  readonly target: string;
  /** Path of the image. */
  readonly image: string;
}

/** Deletes an image file that nothing refers to, through a storage pool. */
export interface DeleteStep extends OnHost {
  readonly kind: 'delete';
  readonly file: string;
  /** Which file was meant, and that nobody wrote it since. */
  readonly identity: string;
  readonly stamp: string;
  /** The one that holds it; empty where none does, so that one is made for as long as it takes. */
  readonly pool: string;
  /** Bytes that its file system gets back; `null` where nobody could tell. */
  readonly allocated: number | null;
}

/** Lets a guest go on that QEMU paused for an I/O error. */
export interface ResumeStep extends OnHost {
  readonly kind: 'resume';
}

const BLOCK_JOBS: ReadonlySet<Step['kind']> = new Set([
  'pull',
  'shut-off-pull',
  'commit',
  'active-commit',
  'copy',
  'migrate',
]);

/** Whether QEMU works on it with a block job, of which a host runs only so many at a time. */
export function isBlockJob(step: Step): boolean {
  return BLOCK_JOBS.has(step.kind);
}

/** Whether it writes into an image below the active one. */
export function isCommit(step: Step): step is CommitStep | ActiveCommitStep {
  return step.kind === 'commit' || step.kind === 'active-commit';
}

/** Key of the image that the step writes the data of others into; `null` for one that moves none. */
export function receiverOf(step: Step): string | null {
  switch (step.kind) {
    case 'pull':
    case 'shut-off-pull':
    case 'copy':
      return step.after[0] ?? null;
    case 'commit':
    case 'active-commit':
      return step.base;
    default:
      return null;
  }
}

/** Whether it takes a speed limit. A guest's memory does not: sent too slowly, the migration would never end. */
export function takesSpeed(step: Step): boolean {
  return isBlockJob(step) && step.kind !== 'migrate';
}

const FINAL: ReadonlySet<Step['kind']> = new Set(['end-job', 'repair-leaks', 'delete']);

/** Whether, once it is over, a cancel of what follows does not bring back what was before it. */
export function isFinal(step: Step): boolean {
  return isBlockJob(step) || FINAL.has(step.kind);
}
