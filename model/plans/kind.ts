import type { BlockJob } from '../fleet/block-job.ts';
import type { SnapshotRecord } from '../fleet/snapshot-record.ts';
import type { TextParams } from '../problem.ts';
import type { CheckpointOutcome } from './checkpoint-change.ts';
import type { Command } from './command.ts';
import type { AnyIntent, PlanOf } from './plan.ts';
import type { AnyStep } from './step.ts';

/** What all parts of Backchain know about one kind of intent. */
export interface IntentKind<I extends AnyIntent> {
  /** For the kind's text under `intents` in the catalogue. */
  text(plan: PlanOf, intent: I, hostNamed: (id: string) => string): TextParams;
  /** Whether its operation may run beside any other one on the guest. */
  readonly isIndependent?: boolean;
}

/** A kind of intent that an operator can ask for by name. */
export interface ActionKind<I extends AnyIntent> extends IntentKind<I> {
  /** What must be there for the action to make sense, in the order in which what is missing is reported. */
  readonly needs: readonly Need[];
}

/** `any-chain`: of any disk of the guest. The others are about the disk in view, its guest, and the hosts. */
export type Need = 'any-chain' | 'chain' | 'two-images' | 'records' | 'reverts' | 'running' | 'other-host';

/** What all parts of Backchain know about one kind of step. */
export interface StepKind<S extends AnyStep> {
  readonly work: StepWork;
  /** The commands that have the same effect. @param bandwidth bytes per second, 0 for no limit */
  command(plan: PlanOf, step: S, bandwidth: number): Command;
  /** For the kind's text under `steps` in the catalogue. */
  text(plan: PlanOf, step: S, hostNamed: (id: string) => string): TextParams;
  /** What becomes of the bitmaps of a disk's checkpoints. */
  bitmaps(plan: PlanOf, step: S, target: string): CheckpointOutcome;
  /** The data that it moves; left out if it moves none within a chain. */
  move?(step: S): DataMove;
  /** Whether it pivots the guest to another image though it moves no data. */
  pivots?(step: S): boolean;
  /** Paths of the files that it makes or deletes. */
  files?(step: S): readonly string[];
  /** Keys of the images that it writes without changing what intact snapshots read that are there afterwards. */
  rewrites?(step: S): readonly string[];
  /** Images that it makes and that are not needed if the operation does not succeed. */
  leavesOnFailure?(step: S): readonly { readonly file: string; readonly format: string }[];
  /** The other host that it works on. */
  otherHost?(step: S): string;
  /** How many images the chain of a disk has afterwards; left out if the step changes no chain. */
  depthAfter?(step: S, target: string, before: number): number;
  /** The guest's snapshot records afterwards; left out if the step changes none. */
  recordsAfter?(step: S, records: readonly SnapshotRecord[]): readonly SnapshotRecord[];
}

/**
 * `block-job`: QEMU moves data. `migration`: it moves data and the guest, without a speed limit: with too low a limit
 * the migration would never end. `final`: a call whose effect a later cancel does not take back. `call`: any other.
 */
export type StepWork = 'block-job' | 'migration' | 'final' | 'call';

/** How a block job moves data. */
export interface DataMove {
  readonly job: BlockJob['kind'];
  /** Keys of the images that it reads, writes or leaves below the written one, from the topmost down. */
  readonly involved: readonly string[];
  /** Keys of the images whose data moves, from the topmost down. */
  readonly moved: readonly string[];
  /** Up into the topmost, down into the lowest, or out of the chain into a new image. */
  readonly direction: 'up' | 'down' | 'out';
  /** Key of the image that receives the data. */
  readonly into: string | null;
}

/** `depthAfter` of a step that changes one disk's chain. */
export function chainDepthAfter(
  step: { readonly target: string; readonly after: readonly string[] },
  target: string,
  before: number,
): number {
  return step.target === target ? step.after.length : before;
}
