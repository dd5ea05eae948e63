import type { ClusterMap } from '../content/cluster-map.ts';
import type { Range, TargetLayout } from '../content/target-layout.ts';
import type { Prediction } from '../cost/prediction.ts';
import type { Chain } from '../fleet/chain.ts';
import type { GuestRef } from '../fleet/disk.ts';
import type { FreeSpace } from '../fleet/free-space.ts';
import { type Image, imageName } from '../fleet/image.ts';
import type { ImageUser } from '../fleet/sharing.ts';
import type { SnapshotRecord } from '../fleet/snapshot-record.ts';
import type { Problem } from '../problem.ts';
import type { AnyStep } from './step.ts';

export interface AnyIntent {
  readonly kind: string;
}

/**
 * What one request will do, with its cost, made before anything runs and bound to the chains it was made from. Each planner
 * makes plans of its own intent and steps; `kinds/plan.ts` has the type of all of them.
 */
export interface PlanOf<Intent extends AnyIntent = AnyIntent, Step extends AnyStep = AnyStep> {
  /** The host that it is about, or its guest is on. */
  readonly hostId: string;
  /** `null` if it is about the host and none of its guests. */
  readonly guest: GuestRef | null;
  readonly guestName: string | null;
  /** Connection URI of each host that a step is done on, by host id. */
  readonly uris: Readonly<Record<string, string>>;
  readonly intent: Intent;
  /** Of everything that the plan depends on; another one now, and the plan no longer holds. */
  readonly fingerprint: string;
  /** The disks whose chains change, the one that it is about first. */
  readonly disks: readonly DiskPlan[];
  /** Whether no other operation may run on any disk of the guest meanwhile. */
  readonly wholeGuest: boolean;
  readonly steps: readonly Step[];
  readonly cost: Cost;
  /** Any refusal, and the plan can't be started. */
  readonly refusals: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** Guests other than this one that use an image of the chains. */
  readonly otherUsers: readonly ImageUser[];
}

export interface DiskPlan {
  readonly target: string;
  readonly now: Chain;
  readonly after: Chain;
  /** Keys of the images whose data goes into another one. */
  readonly merged: readonly string[];
}

/** What is written into one image. */
export interface ImageCost {
  /** Upper bound of what is written, bytes; `null` if not even a virtual size is known. */
  readonly atMost: number | null;
  /** What the image that is written is expected to grow by; left out if nothing is predicted, as in older journals. */
  readonly predicted?: Prediction | null;
  /** Of the file system where it is written; `null` if it can't be measured. */
  readonly freeSpace: FreeSpace | null;
  /** Name of the image that is written; `null` if none is. */
  readonly into: string | null;
}

/** The same of all steps together. Of several images that are written, the room is that of the one with the least left, and no name stands. */
export interface Cost extends ImageCost {
  /** The same for each image, where a plan writes several; left out if it is one. */
  readonly images?: readonly ImageCost[];
  /** One for each step, `null` for one that copies nothing; left out if one step alone does. */
  readonly steps?: readonly (ImageCost | null)[];
  /** Milliseconds that the block jobs will take without a speed limit, by those before them; `null` if unknown. */
  readonly time?: Range | null;
  /** Bytes that deleting the images which leave the chain would free later; `null` if unknown. */
  readonly freed?: number | null;
}

/** What it costs where no data is copied. */
export const NO_COST: Cost = { atMost: 0, freeSpace: null, into: null };

/** What a plan has to know beside the disk's chain. */
export interface PlanFacts {
  /** The host's connection URI. */
  readonly uri: string;
  readonly guestName: string;
  readonly guestRuns: boolean;
  readonly qemuVersion: string | null;
  readonly records: readonly SnapshotRecord[];
  /** Who uses each image of the host, by image key. */
  readonly users: ReadonlyMap<string, readonly ImageUser[]>;
  readonly freeSpace: FreeSpace | null;
  /** What images hold, by image key, as far as known. */
  readonly maps: ReadonlyMap<string, ClusterMap>;
  /** How qcow2 images that a job writes are laid out, and the active one, by image key, as far as known. */
  readonly layouts?: ReadonlyMap<string, TargetLayout>;
}

/** The plan of one disk; `null` if the plan does not change it. */
export function diskPlan(plan: PlanOf, target: string): DiskPlan | null {
  return plan.disks.find((disk) => disk.target === target) ?? null;
}

/** The guest that the plan is about. For those who know that there is one: throws where there is none. */
export function guestOf({ guest, guestName, intent }: PlanOf): GuestRef & { readonly name: string } {
  if (guest === null || guestName === null) throw new Error(`A plan to ${intent.kind} is about no guest`);
  return { ...guest, name: guestName };
}

/** An image that the plan speaks of, there now or after it; `null` for one that it does not know. */
export function imageOf(plan: PlanOf, key: string | undefined): Image | null {
  const chains = plan.disks.flatMap(({ now, after }) => [now, after]);
  return chains.flatMap(({ images }) => images).find((image) => image.key === key) ?? null;
}

/** What people call an image of the plan. */
export function nameIn(plan: PlanOf, key: string): string {
  const image = imageOf(plan, key);
  return image ? imageName(image) : key;
}
