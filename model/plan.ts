import type { Chain } from './chain.ts';
import type { ClusterMap } from './cluster-map.ts';
import type { DiskRef } from './guest.ts';
import type { Problem } from './problem.ts';
import type { ImageUser } from './sharing.ts';
import type { SnapshotRecord } from './snapshot-record.ts';

/** What an operator wants of a disk. */
export type Intent = {
  readonly kind: 'flatten';
  /** Key of the image to flatten toward, which stays; `null` leaves the active image alone. */
  readonly base: string | null;
};

export type Step = {
  readonly kind: 'pull';
  /** Key of the image that stays below; `null` merges the whole chain. */
  readonly base: string | null;
};

/** What one request will do, with its cost, made before anything runs and bound to the chain it was made from. */
export interface Plan {
  readonly disk: DiskRef;
  /** The host's connection URI. */
  readonly uri: string;
  readonly guestName: string;
  readonly intent: Intent;
  readonly fingerprint: string;
  readonly now: Chain;
  readonly after: Chain;
  /** Keys of the images that merge into the active one. */
  readonly merged: readonly string[];
  readonly steps: readonly Step[];
  readonly cost: Cost;
  /** Any refusal, and the plan can't be started. */
  readonly refusals: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** Guests other than this one that use an image of the chain. */
  readonly others: readonly ImageUser[];
}

export interface Cost {
  /** Upper bound of what the active image grows by, see `mostPulled`; `null` where not even a virtual size is known. */
  readonly atMost: number | null;
  /** Free bytes where the active image lies; `null` where it can't be told. */
  readonly room: number | null;
}

/** What a plan has to know beside the chain. */
export interface PlanFacts {
  /** The host's connection URI. */
  readonly uri: string;
  readonly guestName: string;
  readonly guestRuns: boolean;
  readonly qemuVersion: string | null;
  readonly records: readonly SnapshotRecord[];
  /** Who uses each image of the host, by image key. */
  readonly users: ReadonlyMap<string, readonly ImageUser[]>;
  readonly room: number | null;
  /** What images hold, by image key, as far as anybody could tell. */
  readonly maps: ReadonlyMap<string, ClusterMap>;
}
