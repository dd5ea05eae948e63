import type { BlockJob } from '../../model/fleet/block-job.ts';
import { type Branch, branchesOf, branchReaders } from '../../model/fleet/branch.ts';
import type { Chain } from '../../model/fleet/chain.ts';
import type { Disk, DiskRef } from '../../model/fleet/disk.ts';
import { type Image, imageName } from '../../model/fleet/image.ts';
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
import { othersOn } from './joins.ts';
import { committedInto, type Outcome, outcomes } from './outcome.ts';
import { workOn } from './work.ts';

/** A snapshot record, as the image that it names shows it. */
export interface Flag {
  readonly name: string;
  readonly state: RecordState;
}

/**
 * The position of an image in its chain. In a chain of one image, that one is the active image. `aside` is an image of a
 * branch, `unplaced` one that may be in the chain, which could not be read to its end.
 */
export type Place = 'active' | 'between' | 'base' | 'aside' | 'unplaced';

/** Everything that is shown about one image. */
export interface ImageFacts {
  readonly image: Image;
  /** 0 for the active image; of an image beside the chain, that of an image in the chain which is as far from its base. */
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
  /** The snapshots beside the chain that read it. */
  readonly readers: readonly Flag[];
  /** Whether the plan writes it, or an image that it is backed by, so that these snapshots would read other data. */
  readonly spoils: boolean;
  /** Name of the image that a branch is backed by, for its lowest image; `null` for others. */
  readonly restsOn: string | null;
  /** Whether nobody knows what is below it. */
  readonly endsUnknown: boolean;
}

/** A branch with the facts of its images. */
export interface BranchFacts extends Pick<Branch, 'on'> {
  /** From the topmost image down. */
  readonly images: readonly ImageFacts[];
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
  const readers = readersIn(recorded, ref.target);
  const written = plan === null ? new Set() : committedInto(plan, ref.target);
  /** Of the lowest image that is written: all above it read it. */
  const lowest = chain.images.findLastIndex(({ key }) => written.has(key));
  const depth = chain.images.length;
  return chain.images.map((image, position) => {
    const reading = readers.get(image.key) ?? [];
    return {
      image,
      position,
      depth,
      place: placeAt(position, depth),
      outcome: outcome.get(image.key) ?? null,
      others: othersOn(image.key, users, ref),
      flags: flagsOn(recorded, ref.target, image.key),
      needed: needed.has(image.key),
      lockedBy: lockOn(image, input),
      readers: reading,
      spoils: reading.length > 0 && position <= lowest,
      restsOn: null,
      endsUnknown: false,
    };
  });
}

/** The branches of a disk with the facts of their images. @param facts those of the chain */
export function branchFactsOf(input: ChainFactsInput, facts: readonly ImageFacts[]): readonly BranchFacts[] {
  const { disk, ref, users } = input;
  const recorded = recordedIn(input);
  const branches = branchesOf(recorded, ref.target);
  const readers = readersIn(recorded, ref.target);
  /** How many images are below each image, and whether what it is backed by is written. */
  const below = new Map(
    facts.map(({ image, position, spoils }) => [image.key, { height: facts.length - position, spoils }]),
  );
  const heights = branches.map(({ images, on }) => {
    const under = (on === null ? undefined : below.get(on)) ?? { height: 0, spoils: false };
    images.forEach(({ key }, i) => {
      below.set(key, { height: under.height + images.length - i, spoils: under.spoils });
    });
    return under.height + images.length;
  });
  const depth = Math.max(facts.length, ...heights);
  const known = [...facts, ...branches.flatMap((branch) => branch.images.map((image) => ({ image })))];
  const names = new Map(known.map(({ image }) => [image.key, imageName(image)]));
  return branches.map(({ images, on, complete }) => ({
    on,
    images: images.map((image, i): ImageFacts => {
      const { height, spoils } = below.get(image.key) ?? { height: 1, spoils: false };
      return {
        image,
        position: depth - height,
        depth,
        place: on === null && disk.problem !== null ? 'unplaced' : 'aside',
        outcome: null,
        others: othersOn(image.key, users, ref),
        flags: flagsOn(recorded, ref.target, image.key),
        needed: true,
        lockedBy: null,
        readers: readers.get(image.key) ?? [],
        spoils,
        restsOn: on !== null && i === images.length - 1 ? (names.get(on) ?? on) : null,
        endsUnknown: !complete && !image.missing && i === images.length - 1,
      };
    }),
  }));
}

/** The snapshots beside the chain that read each image. */
function readersIn(recorded: Recorded, target: string): ReadonlyMap<string, readonly Flag[]> {
  const states = recordStates(recorded, target);
  return new Map(
    [...branchReaders(recorded, target)].map(([key, names]) => [
      key,
      names.map((name) => ({ name, state: states.get(name) ?? 'unknown' })),
    ]),
  );
}

/** Whether it is surely an image of the chain. */
export function isInChain({ place }: ImageFacts): boolean {
  return place !== 'aside' && place !== 'unplaced';
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
