import type { BlockJob } from '../../model/fleet/block-job.ts';
import type { Chain } from '../../model/fleet/chain.ts';
import type { Disk, DiskRef } from '../../model/fleet/disk.ts';
import type { Image } from '../../model/fleet/image.ts';
import {
  neededImages,
  type Recorded,
  type RecordState,
  recordStates,
} from '../../model/fleet/record-state.ts';
import type { RevertBasis } from '../../model/fleet/revert-basis.ts';
import type { ImageUser } from '../../model/fleet/sharing.ts';
import { recordsOn, type SnapshotRecord } from '../../model/fleet/snapshot-record.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import { isOver, type Operation } from '../../model/operation/operation.ts';
import { othersOn } from './branches.ts';
import { type Outcome, outcomes } from './outcome.ts';
import { workOn } from './work.ts';

/** A snapshot record, as the image that it names shows it. */
export interface Flag {
  readonly name: string;
  readonly state: RecordState;
}

/** The position of an image in its chain. In a chain of one image, that one is the active image. */
export type Place = 'active' | 'between' | 'base';

/** Everything that is shown about one image. */
export interface ImageFacts {
  readonly image: Image;
  /** 0 for the active image. */
  readonly position: number;
  readonly depth: number;
  readonly place: Place;
  readonly outcome: Outcome | null;
  /** Other disks whose chains have the image. */
  readonly others: readonly ImageUser[];
  readonly flags: readonly Flag[];
  /** Whether libvirt needs it to revert to a snapshot. */
  readonly needed: boolean;
  /** The block job that keeps other jobs from this image. */
  readonly lockedBy: BlockJob['kind'] | null;
}

export interface ChainFactsInput {
  readonly chain: Chain;
  readonly disk: Disk;
  readonly ref: DiskRef;
  readonly records: readonly SnapshotRecord[];
  /** What a revert to one of them goes by; `null` where libvirt can't revert to external snapshots. */
  readonly reverts: RevertBasis | null;
  readonly users: ReadonlyMap<string, readonly ImageUser[]>;
  /** The plan in view or under way; `null` if there is none. */
  readonly plan: Plan | null;
  readonly operation: Operation | null;
}

/** The facts of each image of a disk's chain, from the active one down. */
export function factsOf(input: ChainFactsInput): readonly ImageFacts[] {
  const { chain, ref, users, plan } = input;
  const recorded = recordedIn(input);
  const needed = neededImages(recorded);
  const outcome = outcomes(plan, ref.target, chain);
  const depth = chain.images.length;
  return chain.images.map((image, position) => ({
    image,
    position,
    depth,
    place: placeAt(position, depth),
    outcome: outcome.get(image.key) ?? null,
    others: othersOn(image.key, users, ref),
    flags: flagsOn(recorded, ref.target, image.key),
    needed: needed.has(image.key),
    lockedBy: lockOn(image, input),
  }));
}

export function placeAt(position: number, depth: number): Place {
  return position === 0 ? 'active' : position === depth - 1 ? 'base' : 'between';
}

/** The records, and the disk with the chain that is in view. */
export function recordedIn({
  records,
  reverts,
  disk,
  chain,
}: Pick<ChainFactsInput, 'records' | 'reverts' | 'disk' | 'chain'>): Recorded {
  return { records, reverts, disks: [{ ...disk, chain }] };
}

/** The records that name an image of a disk. */
export function flagsOn(recorded: Recorded, target: string, key: string): readonly Flag[] {
  const states = recordStates(recorded, target);
  return recordsOn(recorded.records, target, key).map(({ name }) => ({
    name,
    state: states.get(name) ?? 'unknown',
  }));
}

/** The records that are not good because of this disk, even if none of its images is named by them. */
export function oddRecords(recorded: Recorded, target: string): readonly Flag[] {
  return [...recordStates(recorded, target)]
    .map(([name, state]) => ({ name, state }))
    .filter(({ state }) => state !== 'good');
}

function lockOn(image: Image, { disk, ref, operation }: ChainFactsInput): BlockJob['kind'] | null {
  if (operation === null || isOver(operation) || operation.state === 'queued') return disk.job?.kind ?? null;
  const work = workOn(operation, ref.target);
  return work?.involved.includes(image.key) ? work.job : null;
}
