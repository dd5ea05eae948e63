import type { ClusterMap } from '../content/cluster-map.ts';
import type { Range, TargetLayout } from '../content/target-layout.ts';
import type { Prediction } from '../cost/prediction.ts';
import type { Capabilities } from '../fleet/capabilities.ts';
import type { Chain } from '../fleet/chain.ts';
import type { GuestRef } from '../fleet/disk.ts';
import type { FreeSpace } from '../fleet/free-space.ts';
import { type Image, imageName } from '../fleet/image.ts';
import type { RevertBasis } from '../fleet/revert-basis.ts';
import type { ImageUser } from '../fleet/sharing.ts';
import type { SnapshotRecord } from '../fleet/snapshot-record.ts';
import type { Problem } from '../problem.ts';
import type { CheckpointChange } from './checkpoint-change.ts';
import type { AnyStep } from './step.ts';

export interface AnyIntent {
  readonly kind: string;
}

/**
 * What one request will do, with its cost. It is made before anything runs, and bound to the chains that it was
 * made from. Each planner makes plans of its own intent and steps; `kinds/plan.ts` has the type of all of them.
 */
export interface PlanOf<Intent extends AnyIntent = AnyIntent, Step extends AnyStep = AnyStep> {
  /** The host that it is about, or that its guest is on. */
  readonly hostId: string;
  /** `null` if it is about the host and none of its guests. */
  readonly guest: GuestRef | null;
  readonly guestName: string | null;
  /** Connection URI of each host that a step is done on, by host id. */
  readonly uris: Readonly<Record<string, string>>;
  readonly intent: Intent;
  /** The state of everything that the plan depends on. If it differs now, the plan is no longer valid. */
  readonly fingerprint: string;
  /** The disks whose chains change, first the one that the intent names. */
  readonly disks: readonly DiskPlan[];
  /** Whether no other operation may run on any disk of the guest meanwhile. */
  readonly wholeGuest: boolean;
  readonly steps: readonly Step[];
  readonly cost: Cost;
  /** A plan with a refusal can't be started. */
  readonly refusals: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** Guests other than this one that use an image of the chains. */
  readonly otherUsers: readonly ImageUser[];
  /**
   * What becomes of the guest's checkpoints, oldest first; `null` if they could not be read. Left out of plans about no guest,
   * and in older journals.
   */
  readonly checkpoints?: readonly CheckpointChange[] | null;
  /** Names of the snapshots that read the same afterwards, where it writes images that they may need; left out if it writes none. */
  readonly kept?: readonly string[];
}

export interface DiskPlan {
  readonly target: string;
  readonly now: Chain;
  readonly after: Chain;
  /** Keys of the images whose data is merged into another one. */
  readonly merged: readonly string[];
}

/** What is written into one image. */
export interface ImageCost {
  /** Upper bound of what is written, bytes; `null` if a virtual size is unknown. */
  readonly atMost: number | null;
  /** What the written image is expected to grow by; left out if nothing is predicted, as in older journals. */
  readonly predicted?: Prediction | null;
  /** The free space of the file system that is written to; `null` if it can't be measured. */
  readonly freeSpace: FreeSpace | null;
  /** Name of the written image; `null` if there is none. */
  readonly into: string | null;
}

/**
 * The cost of all steps together. If several images are written, the free space is the least of theirs, and `into`
 * is `null`.
 */
export interface Cost extends ImageCost {
  /** The cost of each image, if a plan writes several; left out if it writes one. */
  readonly images?: readonly ImageCost[];
  /** The cost of each step, `null` for a step that copies nothing; left out if only one step copies. */
  readonly steps?: readonly (ImageCost | null)[];
  /**
   * Milliseconds that the block jobs will take without a speed limit, by the speed of earlier ones; `null` if
   * unknown.
   */
  readonly time?: Range | null;
  /** Bytes that deleting the images that leave the chain would free later; `null` if unknown. */
  readonly freed?: number | null;
}

/** The cost of a plan that copies no data. */
export const NO_COST: Cost = { atMost: 0, freeSpace: null, into: null };

/** The facts for a plan, besides the disk's chain. */
export interface PlanFacts {
  /** The host's connection URI. */
  readonly uri: string;
  readonly guestName: string;
  readonly guestRuns: boolean;
  readonly capabilities: Capabilities;
  readonly records: readonly SnapshotRecord[];
  /** What a revert to one of them goes by; `null` where libvirt can't revert to external snapshots. */
  readonly reverts: RevertBasis | null;
  /** Who uses each image of the host, by image key. */
  readonly users: ReadonlyMap<string, readonly ImageUser[]>;
  readonly freeSpace: FreeSpace | null;
  /** Allocation maps by image key, as far as known. */
  readonly maps: ReadonlyMap<string, ClusterMap>;
  /** Layouts of the qcow2 images that a job writes, and of the active one, by image key, as far as known. */
  readonly layouts?: ReadonlyMap<string, TargetLayout>;
}

/** The plan of one disk; `null` if the plan does not change it. */
export function diskPlan(plan: PlanOf, target: string): DiskPlan | null {
  return plan.disks.find((disk) => disk.target === target) ?? null;
}

/** The guest that the plan is about. Throws if the plan is about no guest. */
export function guestOf({ guest, guestName, intent }: PlanOf): GuestRef & { readonly name: string } {
  if (guest === null || guestName === null) throw new Error(`A plan to ${intent.kind} is about no guest`);
  return { ...guest, name: guestName };
}

/** An image of the chains before and after the plan; `null` for any other. */
export function imageOf(plan: PlanOf, key: string | undefined): Image | null {
  const chains = plan.disks.flatMap(({ now, after }) => [now, after]);
  return chains.flatMap(({ images }) => images).find((image) => image.key === key) ?? null;
}

/** What people call an image of the plan. */
export function nameIn(plan: PlanOf, key: string): string {
  const image = imageOf(plan, key);
  return image ? imageName(image) : key;
}
