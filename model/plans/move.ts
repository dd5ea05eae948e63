import type { ClusterMap } from '../content/cluster-map.ts';
import { mostCopied } from '../cost/copy-cost.ts';
import { mostPulled, unmappedBytes } from '../cost/cost.ts';
import { freedLater } from '../cost/freed-later.ts';
import { predictCopy } from '../cost/mirror-prediction.ts';
import { type Prediction, predictionFacts } from '../cost/prediction.ts';
import { predictPullIntoNew } from '../cost/pull-prediction.ts';
import { activeOf, type Chain, fingerprint, keys } from '../fleet/chain.ts';
import { type Destination, destinationRefusals, destinationWarnings } from '../fleet/destination.ts';
import type { Disk, GuestRef } from '../fleet/disk.ts';
import { type Image, imageName } from '../fleet/image.ts';
import { neededImages } from '../fleet/record-state.ts';
import { otherUsers } from '../fleet/sharing.ts';
import type { SnapshotRecord } from '../fleet/snapshot-record.ts';
import { type Problem, problem } from '../problem.ts';
import type { CopyStep } from './copy.ts';
import { depthRefusals } from './depth-refusals.ts';
import type { ForgetStep } from './forget.ts';
import { imageWarnings, spaceRefusals, spaceWarnings } from './image-warnings.ts';
import { jobRefusals } from './job-refusals.ts';
import type { ActionKind } from './kind.ts';
import { overlaid } from './overlay.ts';
import type { PlanFacts, PlanOf } from './plan.ts';
import { flushKindOf, type PullStep } from './pull.ts';
import { recordedOf, recordWarnings, withChain } from './record-changes.ts';
import { type SnapshotStep, snapshotStep } from './snapshot-step.ts';

export interface MoveIntent {
  readonly kind: 'move';
  readonly target: string;
  /** Absolute path of the new image. */
  readonly file: string;
  /** `copy` mirrors the disk and pivots; `pull` makes a snapshot at the new path and pulls into it. */
  readonly strategy: 'copy' | 'pull';
}

export const moveIntentKind: ActionKind<MoveIntent> = {
  needs: ['chain', 'running'],
  text: (_, { file }) => ({ file }),
};

/** The steps that a move may have. */
export type MoveStep = CopyStep | SnapshotStep | PullStep | ForgetStep;

/** The facts for the plan of a move, besides the disk's chain. */
export interface MoveFacts extends Omit<PlanFacts, 'freeSpace'> {
  /** All of the guest's disks. */
  readonly disks: readonly Disk[];
  readonly destination: Destination;
  /** Whether the guest has a persistent definition. */
  readonly persistent: boolean;
}

/**
 * The plan that moves all that a running guest reads from a disk into one new image elsewhere on its host, and
 * switches the guest to it. The previous images stay where they are and are not changed.
 */
export function planMove(
  guest: GuestRef,
  disk: Disk,
  intent: MoveIntent,
  facts: MoveFacts,
): PlanOf<MoveIntent, MoveStep> {
  const { target } = disk;
  const { file, strategy } = intent;
  const now = disk.chain ?? { images: [] };
  const [made, ...rest] = overlaid(now, file).images;
  const after = { images: made === undefined || rest.length === 0 ? [] : [made] };
  const { atMost, predicted } =
    strategy === 'copy' ? ofCopy(disk, now, facts) : ofPull(disk, now, file, facts);
  const cost = {
    atMost,
    predicted,
    freeSpace: facts.destination.freeSpace,
    into: made === undefined ? null : imageName(made),
    freed: freedLater({ ...guest, target }, now, after, facts.users, neededImages(recordedOf(disk, facts))),
  };
  const found = refusals(disk, now, intent, facts);
  return {
    hostId: guest.hostId,
    guest,
    uris: { [guest.hostId]: facts.uri },
    guestName: facts.guestName,
    intent,
    fingerprint: JSON.stringify([fingerprint(now), facts.records.map(({ name }) => name)]),
    disks: [{ target, now, after, merged: [] }],
    // A snapshot record is of the whole guest.
    wholeGuest: strategy === 'pull',
    steps: steps(guest, disk, now, after, intent, facts),
    cost,
    refusals: found.length > 0 ? found : spaceRefusals(cost),
    warnings: [
      ...imageWarnings(now.images),
      ...destinationWarnings(file, facts.destination),
      ...spaceWarnings(cost),
      ...internalSnapshots(now),
      ...(facts.persistent ? [] : [problem('GUEST_TRANSIENT', { guest: facts.guestName })]),
      ...recordsLeft(disk, after, facts),
    ],
    otherUsers: otherUsers({ ...guest, target }, now, facts.users),
  };
}

interface Written {
  readonly atMost: number | null;
  readonly predicted: Prediction | null;
}

/** Without `discard`, a copy also writes zeros as data where they end in the middle of a cluster. */
function ofCopy(disk: Disk, now: Chain, facts: MoveFacts): Written {
  const predicted = predictCopy(now, 'qcow2', predictionFacts(facts, disk));
  const most = mostCopied(now, facts.maps);
  return { atMost: most && Math.max(most, predicted?.most ?? 0), predicted };
}

function ofPull(disk: Disk, now: Chain, file: string, facts: MoveFacts): Written {
  const atMost = mostPulledInto(now, file, facts.maps);
  const over = overlaid(now, file);
  const known = predictionFacts(facts, disk);
  return { atMost, predicted: predictPullIntoNew(over, now.images.length + 1, atMost, known) };
}

/** Below the new overlay, all of the present chain is pulled. */
function mostPulledInto(now: Chain, file: string, maps: ReadonlyMap<string, ClusterMap>): number | null {
  const active = activeOf(now);
  const most = mostPulled(overlaid(now, file), now.images, maps);
  return most === null || active === null ? most : most + unmappedBytes(active, maps);
}

function steps(
  { hostId }: GuestRef,
  { target }: Disk,
  now: Chain,
  after: Chain,
  { file, strategy }: MoveIntent,
  { disks, records, capabilities }: MoveFacts,
): readonly MoveStep[] {
  const [before, then] = [keys(now), keys(after)];
  if (strategy === 'copy')
    return [{ kind: 'copy', hostId, target, file, format: 'qcow2', before, after: then }];
  const name = unusedName(`move-${target}`, records);
  return [
    snapshotStep(hostId, disks, { name, description: '', quiesce: false }, [{ target, file }]),
    {
      kind: 'pull',
      hostId,
      target,
      base: null,
      before: [file, ...before],
      after: then,
      flush: flushKindOf(capabilities),
    },
    { kind: 'forget', hostId, names: [name] },
  ];
}

function unusedName(wanted: string, records: readonly SnapshotRecord[]): string {
  const taken = new Set(records.map(({ name }) => name));
  for (let name = wanted, count = 2; ; name = `${wanted}-${count++}`) if (!taken.has(name)) return name;
}

function refusals(
  disk: Disk,
  now: Chain,
  { file, strategy }: MoveIntent,
  facts: MoveFacts,
): readonly Problem[] {
  const active = activeOf(now);
  if (active === null) return [disk.problem ?? problem('DISK_EMPTY', { target: disk.target })];
  const secret = now.images.find(({ traits }) => traits.encrypted);
  return [
    ...destinationRefusals(file, facts.destination),
    ...jobRefusals(disk, facts),
    // The snapshot of the move would be forgotten, and its parent would be the current one.
    ...(strategy === 'pull' && facts.reverts !== null && facts.records.length > 0
      ? [problem('MOVE_RECORDED', { count: facts.records.length })]
      : []),
    ...(secret === undefined ? [] : [problem('MOVE_WOULD_DECRYPT', { image: imageName(secret) })]),
    ...(strategy === 'pull'
      ? depthRefusals(disk.target, overlaid(now, file), facts.capabilities, 'copy')
      : []),
    ...(strategy === 'pull' && active.traits.extendedL2 && facts.capabilities.extendedL2Aborts
      ? [problem('MOVE_EXTENDED_L2', { image: imageName(active) })]
      : []),
  ];
}

function internalSnapshots({ images }: Chain): readonly Problem[] {
  const holds = ({ traits }: Image) => traits.internalSnapshots > 0;
  return images
    .filter(holds)
    .map((image) =>
      problem('MOVE_LEAVES_SNAPSHOTS', { image: imageName(image), count: image.traits.internalSnapshots }),
    );
}

/** What becomes of the guest's snapshots. A revert goes back to the old file, even for a disk that the snapshot left out. */
function recordsLeft(disk: Disk, after: Chain, facts: MoveFacts): readonly Problem[] {
  const before = recordedOf(disk, facts);
  if (facts.reverts === null) return recordWarnings(before, withChain(before, disk.target, after));
  const { target } = disk;
  const names = facts.records
    .filter((record) => record.disks.some((one) => one.target === target))
    .map(({ name }) => name);
  return names.length === 0
    ? []
    : [problem('MOVE_REVERTED', { target, names: names.join(', '), count: names.length })];
}
